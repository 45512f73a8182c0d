import type { Clock } from '../../shared/event-table/clock.ts';
import type { EventColumn } from '../../shared/ipc/contract.ts';
import type { EventRow } from '../../shared/view-model/recording-view.ts';
import { visibleText } from '../widgets/visible-text.ts';
import { columnFacts } from './event-columns.ts';

/**
 * Events as text, in the columns of the list: numbers to the right, everything else to the left, as on the screen. The
 * stacks that are open stand below their events.
 */
export function printRows(
  events: readonly EventRow[],
  columns: readonly EventColumn[],
  clock: Clock,
  isOpen: (event: EventRow, place: number) => boolean,
): string {
  const cells = events.map((event) => columns.map((column) => columnFacts[column].write(event, clock)));
  const widths = columns.map((_, i) => cells.reduce((widest, row) => Math.max(widest, [...row[i]!].length), 0));
  const lines = cells.flatMap((row, place) => {
    const line = row.map((cell, i) => pad(cell, widths[i]!, columnFacts[columns[i]!].isNumber)).join('  ');
    const event = events[place]!;
    const frames = isOpen(event, place) ? event.stack.map((frame) => ` => ${visibleText(frame)}`) : [];
    return [line.trimEnd(), ...frames];
  });
  return `${lines.join('\n')}\n`;
}

function pad(text: string, width: number, toRight: boolean): string {
  const blanks = ' '.repeat(width - [...text].length);
  return toRight ? blanks + text : text + blanks;
}
