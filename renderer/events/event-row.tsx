import { ChevronRight } from 'lucide-react';
import type { Clock } from '../../shared/event-table/clock.ts';
import { printTime } from '../../shared/event-table/clock.ts';
import type { EventRow as Event } from '../../shared/view-model/recording-view.ts';
import { Swatch } from '../widgets/swatch.tsx';
import { visibleTask, visibleText } from '../widgets/visible-text.ts';
import { writeCount } from '../widgets/write-numbers.ts';

interface EventRowProps {
  readonly event: Event;
  readonly id: string;
  readonly index: number;
  readonly clock: Clock;
  readonly selected: boolean;
  readonly holdSelected: boolean;
  readonly onSelect: (event: Event) => void;
  readonly onShowStack: (event: Event) => void;
}

const NO_CPU = 0xffff;

/** One event as it was printed, and the hold that it opens or closes. */
export function EventRow({ event, id, index, clock, selected, holdSelected, onSelect, onShowStack }: EventRowProps) {
  const task = visibleTask(event.task, event.pid);
  const site = event.callSite === '' ? '' : visibleText(event.callSite);
  const holder = event.holder === '' ? '' : visibleText(event.holder);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it has the keys
    <div
      id={id}
      role="row"
      className={holdSelected && !selected ? 'event-row event-row-related' : 'event-row'}
      aria-rowindex={index + 2}
      aria-selected={selected}
      onClick={() => onSelect(event)}
    >
      <span role="gridcell" className="number quiet">
        {event.line}
      </span>
      <span role="gridcell" className="number">
        {printTime(clock, event.time)}
      </span>
      <span role="gridcell" className="number quiet">
        {event.cpu === NO_CPU ? '' : event.cpu}
      </span>
      <span
        role="gridcell"
        className="ellipsis"
        title={event.taskInferred ? `${task} (name taken from the same pid elsewhere)` : task}
      >
        {event.taskInferred ? <i>{task}</i> : task}
      </span>
      <span role="gridcell" className={`event-kind event-kind-${event.event}`}>
        {event.event}
      </span>
      <span role="gridcell" className="ellipsis" title={event.module === '' ? undefined : visibleText(event.module)}>
        {event.module === '' ? <span className="quiet">{visibleText(event.detail)}</span> : visibleText(event.module)}
      </span>
      <span role="gridcell" className="ellipsis mono event-site" title={site}>
        {event.stack.length === 0 ? null : (
          <button
            type="button"
            className="event-stack-button"
            tabIndex={-1}
            aria-label={`Stack trace of line ${event.line}`}
            title="Show the stack trace"
            onClick={() => onShowStack(event)}
          >
            <ChevronRight size={12} aria-hidden />
          </button>
        )}
        {site}
        {event.event === 'load' && event.detail !== '' ? (
          <span className="quiet">taints {visibleText(event.detail)}</span>
        ) : null}
      </span>
      <span role="gridcell" className="number">
        {event.refcount === undefined ? '' : writeCount(event.refcount)}
      </span>
      <span role="gridcell" className="event-hold ellipsis" title={holder}>
        {holder === '' ? null : (
          <>
            <Swatch colour={event.colour} />
            <span className="ellipsis">
              <span className="quiet">{opens(event) ? 'opens ' : 'ends '}</span>
              {holder}
            </span>
          </>
        )}
      </span>
    </div>
  );
}

function opens({ event }: Event): boolean {
  return event === 'get' || event === 'load';
}
