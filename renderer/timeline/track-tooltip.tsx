import { useLayoutEffect, useRef, useState } from 'react';
import type { Clock } from '../../shared/event-table/clock.ts';
import { printTime } from '../../shared/event-table/clock.ts';
import type { CssPixels } from '../../shared/units.ts';
import type { TrackHit } from '../../shared/view-model/hit-test.ts';
import type { RecordedCommand } from '../../shared/view-model/recorded-command.ts';
import type { EventRow, HoldFacts } from '../../shared/view-model/recording-view.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { ConfidenceBadge } from '../widgets/confidence-badge.tsx';
import { Swatch } from '../widgets/swatch.tsx';
import { visibleSentence, visibleTask, visibleText } from '../widgets/visible-text.ts';
import { writeCounted, writeDuration } from '../widgets/write-numbers.ts';
import { CommandTooltip } from './command-tooltip.tsx';

interface TrackTooltipProps {
  readonly hit: TrackHit;
  readonly command: RecordedCommand | undefined;
  readonly x: CssPixels;
  readonly y: CssPixels;
  readonly within: { readonly width: CssPixels; readonly height: CssPixels };
}

/** What lies under the pointer: a command of the terminal, a hold in full, an event, or a place where events were lost. */
export function TrackTooltip({ hit, command, x, y, within }: TrackTooltipProps) {
  const box = useRef<HTMLDivElement | null>(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });
  const { id, engine, summary } = useRecording();
  const { span, row, lost } = hit;
  const hold = span !== undefined && span.hold >= 0 ? span.hold : undefined;
  const told = useLatestAnswer(hold === undefined ? undefined : `${id} ${hold}`, () => engine.holdFacts(hold ?? -1));
  // In a recording that grows the number may be another hold's by now.
  const facts = told !== undefined && told.module === hit.module && told.start === span?.start ? told : undefined;
  const events = useLatestAnswer(span !== undefined || row === undefined ? undefined : `${id} ${row}`, () =>
    engine.eventRows({ text: '', modules: [] }, row ?? 0, 1),
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: what it says decides how large it is
  useLayoutEffect(() => {
    const { offsetWidth, offsetHeight } = box.current ?? { offsetWidth: 0, offsetHeight: 0 };
    const left = x + 14 + offsetWidth > within.width ? x - 14 - offsetWidth : x + 14;
    const top = y + 16 + offsetHeight > within.height ? y - 10 - offsetHeight : y + 16;
    setPlace({ left: Math.max(4, left), top: Math.max(4, top) });
  }, [x, y, within.width, within.height, facts, events]);

  let content = null;
  if (command !== undefined) content = <CommandTooltip command={command} clock={summary.clock} />;
  else if (facts !== undefined) content = <HoldTooltip facts={facts} clock={summary.clock} />;
  else if (span !== undefined && span.count > 1)
    content = <p>{writeCounted(span.count, 'hold')}, each thinner than a pixel. Zoom in to tell them apart.</p>;
  else if (events?.[0] !== undefined) content = <EventTooltip event={events[0]} clock={summary.clock} />;
  else if (lost !== undefined)
    content = <p>{lost.count > 0 ? writeCounted(lost.count, 'event') : 'Some events'} of this CPU were lost here.</p>;
  if (content === null) return null;
  return (
    <div ref={box} className="tooltip" role="tooltip" style={place}>
      {content}
    </div>
  );
}

function HoldTooltip({ facts, clock }: { readonly facts: HoldFacts; readonly clock: Clock }) {
  const { start, end, lines } = facts;
  const began = Number.isFinite(start) ? printTime(clock, start) : 'before the recording';
  const ended = Number.isFinite(end) ? printTime(clock, end) : 'still held at the end';
  return (
    <>
      <p className="tooltip-title">
        <Swatch colour={facts.colour} />
        <strong>{visibleText(facts.holder)}</strong>
        <ConfidenceBadge confidence={facts.confidence} />
      </p>
      <p className="tooltip-meaning">{visibleSentence(facts.meaning)}</p>
      <dl className="facts">
        <dt>holds</dt>
        <dd>{visibleText(facts.module)}</dd>
        {facts.callSite === '' ? null : (
          <>
            <dt>via</dt>
            <dd className="mono">{visibleText(facts.callSite)}</dd>
          </>
        )}
        <dt>since</dt>
        <dd>{began}</dd>
        <dt>until</dt>
        <dd>{ended}</dd>
        {Number.isFinite(start) && Number.isFinite(end) ? (
          <>
            <dt>for</dt>
            <dd>{writeDuration(clock, end - start)}</dd>
          </>
        ) : null}
        {lines.length === 0 ? null : (
          <>
            <dt>{lines.length === 1 ? 'line' : 'lines'}</dt>
            <dd>{lines.join(', ')}</dd>
          </>
        )}
      </dl>
    </>
  );
}

function EventTooltip({ event, clock }: { readonly event: EventRow; readonly clock: Clock }) {
  return (
    <>
      <p className="tooltip-title">
        <strong>{event.event}</strong> {visibleText(event.module)}
        {event.refcount === undefined ? null : <span className="quiet">printed {event.refcount}</span>}
      </p>
      <dl className="facts">
        <dt>by</dt>
        <dd>{visibleTask(event.task, event.pid)}</dd>
        {event.callSite === '' ? null : (
          <>
            <dt>in</dt>
            <dd className="mono">{visibleText(event.callSite)}</dd>
          </>
        )}
        <dt>at</dt>
        <dd>{printTime(clock, event.time)}</dd>
        <dt>line</dt>
        <dd>{event.line}</dd>
      </dl>
    </>
  );
}
