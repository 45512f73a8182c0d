import { printTime } from '../../shared/event-table/clock.ts';
import { type RecordedCommand, unnamedCommand } from '../../shared/view-model/recorded-command.ts';
import { reveal } from '../../shared/view-model/time-scale.ts';
import { useStore } from '../state/store.ts';
import { useRecording } from '../state/use-recording.ts';
import { visibleSentence } from '../widgets/visible-text.ts';
import { writeDuration } from '../widgets/write-numbers.ts';

/** The commands of the open recording, newest first: go to where one began. */
export function CommandList({ commands }: { readonly commands: readonly RecordedCommand[] }) {
  const { summary, bounds } = useRecording();
  const { clock } = summary;
  const goTo = ({ from }: RecordedCommand) => {
    const { moveCursor, showWindow, window } = useStore.getState();
    moveCursor(from);
    const { from: left, to } = reveal({ ...window, width: 1 }, from, bounds);
    showWindow({ from: left, to });
  };
  return (
    <ul className="command-list" aria-label="Commands of the recording">
      {[...commands].reverse().map((command) => (
        <li key={command.from}>
          <button type="button" className="link-button digits" onClick={() => goTo(command)}>
            {printTime(clock, command.from)}
          </button>
          <code>{visibleSentence(command.line) || unnamedCommand}</code>
          <span className="quiet digits">{describeEnd(command, clock)}</span>
        </li>
      ))}
    </ul>
  );
}

function describeEnd({ from, until, exitCode }: RecordedCommand, clock: Parameters<typeof writeDuration>[0]): string {
  if (until === Number.POSITIVE_INFINITY) return 'running';
  const took = until > from ? writeDuration(clock, until - from) : '';
  return [took, exitCode === undefined || exitCode === 0 ? '' : `exit ${exitCode}`].filter(Boolean).join(', ');
}
