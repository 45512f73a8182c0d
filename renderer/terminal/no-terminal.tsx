import type { Problem } from '../../shared/problem.ts';
import { reportFault } from '../state/report-fault.ts';
import { useStore } from '../state/store.ts';
import { focusTerminal, openTerminal } from './terminals.ts';

interface NoTerminalProps {
  readonly problem: Problem | undefined;
  readonly hasHost: boolean;
}

const noHost: Problem = {
  what: 'There is no terminal here.',
  why: 'This page was opened without ModShark’s host, which is what starts a shell.',
  remedy: 'Start ModShark with modshark, or modshark serve.',
};

/** Says why there is no terminal to look at, and what to do. */
export function NoTerminal({ problem, hasHost }: NoTerminalProps) {
  const told = hasHost ? problem : noHost;
  const open = () => openTerminal().then(focusTerminal, reportFault);
  return (
    <div className="empty terminal-none">
      {told === undefined ? (
        <p>No terminal is open.</p>
      ) : (
        <>
          <p>
            <strong>{told.what}</strong>
          </p>
          <p>{told.why}</p>
          <p>{told.remedy}</p>
        </>
      )}
      {hasHost ? (
        <button
          type="button"
          className="button"
          onClick={() => {
            useStore.getState().showTerminalProblem(undefined);
            open();
          }}
        >
          {told === undefined ? 'Open a terminal' : 'Try again'}
        </button>
      ) : null}
    </div>
  );
}
