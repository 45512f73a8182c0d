import { Plus, X } from 'lucide-react';
import { reportFault } from '../state/report-fault.ts';
import { useStore } from '../state/store.ts';
import { runningCommand, type WindowTerminal } from '../state/terminal-slice.ts';
import { IconButton } from '../widgets/icon-button.tsx';
import { visibleText } from '../widgets/visible-text.ts';
import { focusTerminal, leaveTerminal, openTerminal } from './terminals.ts';

/** The terminals that are open, and the way to one more. */
export function TerminalTabs() {
  const terminals = useStore((state) => state.terminals);
  const hasHost = useStore((state) => state.host !== undefined);
  const open = () => openTerminal().then(focusTerminal, reportFault);
  return (
    <div className="terminal-tabs">
      {terminals.map((one) => (
        <TerminalChip key={one.terminal} of={one} name={nameTerminal(one, terminals)} />
      ))}
      <IconButton name="Open one more terminal" disabled={!hasHost} onClick={open}>
        <Plus size={15} aria-hidden />
      </IconButton>
    </div>
  );
}

function TerminalChip({ of: one, name }: { readonly of: WindowTerminal; readonly name: string }) {
  const shown = useStore((state) => state.terminal === one.terminal);
  const running = useStore((state) => runningCommand(state.commands, one.terminal));
  const { showTerminal } = useStore.getState();
  const doing = one.ended !== undefined ? 'ended' : running === undefined ? '' : 'runs a command';
  return (
    <span className={shown ? 'terminal-chip terminal-chip-shown' : 'terminal-chip'}>
      <button
        type="button"
        className="terminal-name"
        aria-pressed={shown}
        title={running === undefined ? name : `${name}: ${visibleText(running.line)}`}
        onClick={() => {
          showTerminal(one.terminal);
          focusTerminal();
        }}
      >
        {doing === '' ? null : <span className={one.ended === undefined ? 'terminal-busy' : 'terminal-over'} />}
        {name}
        <span className="visually-hidden">{doing}</span>
      </button>
      <button
        type="button"
        className="terminal-close"
        title={`Close ${name}`}
        aria-label={`Close ${name}`}
        onClick={() => leaveTerminal(one.terminal)}
      >
        <X size={13} aria-hidden />
      </button>
    </span>
  );
}

/** `bash`, and `bash 2` for the next of the same name. */
function nameTerminal(one: WindowTerminal, terminals: readonly WindowTerminal[]): string {
  const named = one.kind === 'authorisation' ? 'Password' : visibleText(one.program);
  const same = terminals.filter(({ kind, program }) => kind === one.kind && program === one.program);
  const place = same.indexOf(one);
  return place <= 0 ? named : `${named} ${place + 1}`;
}
