import { visibleText } from '../widgets/visible-text.ts';

/** The modules that link to a module, in one line. */
export function wordUsers(usedBy: readonly string[]): string {
  return usedBy.map(visibleText).join(', ');
}

/** That line behind a module's name; nothing where nobody uses it. */
export function ModuleUsers({ users }: { readonly users: string }) {
  if (users === '') return null;
  return (
    <span className="module-users ellipsis">
      <span aria-hidden>← </span>
      <span className="visually-hidden">used by </span>
      {users}
    </span>
  );
}
