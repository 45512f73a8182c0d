import { visibleText } from '../widgets/visible-text.ts';

/** The modules that link to a module, in one line. */
export function wordUsers(usedBy: readonly string[]): string {
  return usedBy.map(visibleText).join(', ');
}
