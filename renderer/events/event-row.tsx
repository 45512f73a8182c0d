import { ChevronDown, ChevronRight } from 'lucide-react';
import { memo } from 'react';
import type { Clock } from '../../shared/event-table/clock.ts';
import type { EventColumn } from '../../shared/ipc/contract.ts';
import type { EventRow as Event } from '../../shared/view-model/recording-view.ts';
import { Swatch } from '../widgets/swatch.tsx';
import { visibleText } from '../widgets/visible-text.ts';
import { columnFacts, holdVerb } from './event-columns.ts';

interface EventRowProps {
  readonly event: Event;
  readonly id: string;
  /** Place in the list, and among the rows of the screen. */
  readonly index: number;
  readonly place: number;
  readonly columns: readonly EventColumn[];
  readonly clock: Clock;
  readonly selected: boolean;
  readonly active: boolean;
  readonly holdSelected: boolean;
  readonly isHit: boolean;
  readonly isOpen: boolean;
  readonly onSelect: (event: Event, index: number, extend: boolean) => void;
  readonly onToggleStack: (event: Event, index: number) => void;
}

/** One event as it was printed, and the hold that it opens or closes. */
export const EventRow = memo(function EventRow(props: EventRowProps) {
  const { event, id, index, place, columns, clock, selected, active, holdSelected, isHit, onSelect } = props;
  const classes = ['event-row'];
  if (holdSelected && !selected) classes.push('event-row-related');
  if (isHit) classes.push('event-row-hit');
  if (active) classes.push('event-row-active');
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it has the keys
    <div
      id={id}
      role="row"
      className={classes.join(' ')}
      aria-rowindex={place + 2}
      aria-selected={selected}
      onClick={({ shiftKey }) => onSelect(event, index, shiftKey)}
    >
      {columns.map((column) => {
        const text = columnFacts[column].write(event, clock);
        return (
          <span key={column} role="gridcell" className={classOf(column, event)} title={titleOf(column, event, text)}>
            <Cell {...props} column={column} text={text} />
          </span>
        );
      })}
    </div>
  );
});

function Cell(props: EventRowProps & { readonly column: EventColumn; readonly text: string }) {
  const { column, text, event, index, isOpen, onToggleStack } = props;
  if (column === 'task' && event.taskInferred) return <i>{text}</i>;
  if (column === 'site' && event.stack.length > 0)
    return (
      <>
        <button
          type="button"
          className="event-stack-button"
          tabIndex={-1}
          aria-expanded={isOpen}
          aria-label={`Stack trace of line ${event.line}`}
          title={isOpen ? 'Hide the stack trace (Enter)' : 'Show the stack trace (Enter)'}
          onClick={() => onToggleStack(event, index)}
        >
          {isOpen ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
        </button>
        {text}
      </>
    );
  if (column === 'hold' && event.holder !== '')
    return (
      <>
        <Swatch colour={event.colour} />
        <span className="ellipsis">
          <span className="quiet">{holdVerb(event.event)} </span>
          {visibleText(event.holder)}
        </span>
      </>
    );
  return text;
}

const CLASSES: Partial<Record<EventColumn, string>> = {
  line: 'number quiet',
  cpu: 'number quiet',
  site: 'ellipsis mono event-site',
  hold: 'event-hold ellipsis',
};

function classOf(column: EventColumn, event: Event): string {
  if (column === 'event') return `event-kind event-kind-${event.event}`;
  if (column === 'module') return event.module === '' ? 'ellipsis quiet' : 'ellipsis';
  return CLASSES[column] ?? (columnFacts[column].isNumber ? 'number' : 'ellipsis');
}

function titleOf(column: EventColumn, event: Event, text: string): string | undefined {
  if (column === 'task' && event.taskInferred) return `${text} (name taken from the same pid elsewhere)`;
  return columnFacts[column].isNumber || text === '' ? undefined : text;
}

interface FrameRowProps {
  readonly place: number;
  readonly frame: string;
}

/** One frame of the kernel's stack at the event above, innermost first. */
export const FrameRow = memo(function FrameRow({ place, frame }: FrameRowProps) {
  return (
    <div role="row" className="event-frame mono" aria-rowindex={place + 2}>
      <span role="gridcell" title={visibleText(frame)}>
        <span className="quiet" aria-hidden>
          =&gt;{' '}
        </span>
        {visibleText(frame)}
      </span>
    </div>
  );
});
