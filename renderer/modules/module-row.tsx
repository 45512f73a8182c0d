import type { ReactNode } from 'react';
import { visibleText } from '../widgets/visible-text.ts';
import type { RowPlace } from './module-grid.tsx';
import { wordUsers } from './word-users.ts';

interface ModuleRowProps extends RowPlace {
  readonly standing: {
    readonly module: string;
    readonly state: string;
    readonly taints: string;
    readonly usedBy: readonly string[];
  };
  /** What its tooltip says between the name, and the taints and users; and after them. Empty texts are left out. */
  readonly notes: readonly string[];
  readonly facts: readonly string[];
  readonly children: ReactNode;
}

/** One row of a list of modules: what every such row has around its cells. */
export function ModuleRow({ standing, notes, facts, id, index, selected, onSelect, children }: ModuleRowProps) {
  const { module, state, taints } = standing;
  const users = wordUsers(standing.usedBy);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it has the keys
    <div
      id={id}
      role="row"
      className="module-row"
      data-state={state}
      aria-rowindex={index + 2}
      aria-selected={selected}
      title={[
        visibleText(module),
        ...notes,
        taints === '' ? '' : `taints ${visibleText(taints)}`,
        users === '' ? '' : `used by ${users}`,
        ...facts,
      ]
        .filter((part) => part !== '')
        .join(' · ')}
      onClick={() => onSelect(module)}
    >
      {children}
    </div>
  );
}
