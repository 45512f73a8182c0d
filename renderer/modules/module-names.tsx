import type { ReactNode } from 'react';
import { visibleText } from '../widgets/visible-text.ts';
import { wordUsers } from './word-users.ts';

interface ModuleNamesProps {
  readonly module: string;
  readonly usedBy: readonly string[];
  /** That it is being loaded or unloaded. */
  readonly tag: string | undefined;
  /** Between the name and its users. */
  readonly children?: ReactNode;
}

/** The cell with a module's name, and behind it the modules that link to it. */
export function ModuleNames({ module, usedBy, tag, children }: ModuleNamesProps) {
  const users = wordUsers(usedBy);
  return (
    <span role="gridcell" className="module-names">
      <span className="module-name ellipsis">{visibleText(module)}</span>
      {tag === undefined ? null : <em className="module-tag">{tag}</em>}
      {children}
      {users === '' ? null : (
        <span className="module-users ellipsis">
          <span aria-hidden>← </span>
          <span className="visually-hidden">used by </span>
          {users}
        </span>
      )}
    </span>
  );
}
