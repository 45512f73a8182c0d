import { type Clock, printTime } from '../../shared/event-table/clock.ts';
import { type RecordedCommand, unnamedCommand } from '../../shared/view-model/recorded-command.ts';
import { visibleSentence } from '../widgets/visible-text.ts';
import { writeDuration } from '../widgets/write-numbers.ts';

/** A command of the terminal, under the pointer. */
export function CommandTooltip({ command, clock }: { readonly command: RecordedCommand; readonly clock: Clock }) {
  const { from, until, line, exitCode } = command;
  return (
    <>
      <p className="tooltip-title">
        <strong className="mono">{visibleSentence(line) || unnamedCommand}</strong>
      </p>
      <dl className="facts">
        <dt>from</dt>
        <dd>{printTime(clock, from)}</dd>
        {until > from ? (
          <>
            <dt>until</dt>
            <dd>{Number.isFinite(until) ? printTime(clock, until) : 'still running'}</dd>
          </>
        ) : null}
        {until > from && Number.isFinite(until) ? (
          <>
            <dt>for</dt>
            <dd>{writeDuration(clock, until - from)}</dd>
          </>
        ) : null}
        {exitCode === undefined ? null : (
          <>
            <dt>exit code</dt>
            <dd>{exitCode}</dd>
          </>
        )}
      </dl>
    </>
  );
}
