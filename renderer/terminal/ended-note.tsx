import type { WindowTerminal } from '../state/terminal-slice.ts';
import { visibleText } from '../widgets/visible-text.ts';
import { leaveTerminal } from './terminals.ts';

/** Says of a terminal that stays to be read that nothing runs in it any more. */
export function EndedNote({ of: { terminal, program, ended } }: { readonly of: WindowTerminal }) {
  const code = ended?.exitCode ?? null;
  return (
    <div className="terminal-over-note" role="status">
      <span>
        {visibleText(program)} {code === null ? 'was ended by a signal.' : `ended with exit code ${code}.`}
      </span>
      <button type="button" className="button button-small" onClick={() => leaveTerminal(terminal)}>
        Close
      </button>
    </div>
  );
}
