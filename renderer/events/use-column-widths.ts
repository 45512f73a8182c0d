import { useMemo, useRef, useState } from 'react';
import type { Clock } from '../../shared/event-table/clock.ts';
import type { EventColumn, Settings } from '../../shared/ipc/contract.ts';
import type { CssPixels } from '../../shared/units.ts';
import type { EventRow } from '../../shared/view-model/recording-view.ts';
import { useStore } from '../state/store.ts';
import { measureText } from '../timeline/measure-text.ts';
import { columnFacts } from './event-columns.ts';

const TEXT_SIZE: CssPixels = 12;
/** Of one character of a call site, which is set in a font of one width. */
const MONO_WIDTH: CssPixels = 6.75;
/** Of one digit where digits are of one width. */
const DIGIT_WIDTH: CssPixels = 7.5;
/** Beside the text: the button of a stack, the colour of a holder, italics. */
const ROOM: Partial<Record<EventColumn, CssPixels>> = { site: 26, hold: 20, task: 4 };
/** A name can be far longer than any screen; what is cut is in the cell's title, and in what is copied. */
const WIDEST: CssPixels = 520;
export const NARROWEST: CssPixels = 28;
/** That a person can make a column. */
export const WIDEST_CHOSEN: CssPixels = 2_000;

/** Widths of all columns that are shown, and what they come to with what is between them. */
export interface ColumnWidths {
  readonly of: (column: EventColumn) => CssPixels;
  /** For `grid-template-columns`. */
  readonly template: string;
  readonly total: CssPixels;
  /** Gives a column a width of its own, which is remembered. */
  readonly resize: (column: EventColumn, width: CssPixels) => void;
  /** Makes it as wide as what is in view, and takes the width of its own away. */
  readonly fit: (column: EventColumn) => void;
}

const GAP: CssPixels = 14;
const SIDES: CssPixels = 26;

/** As a person chose, or as wide as the widest text that was seen; those only grow, so that nothing jumps while scrolling. */
export function useColumnWidths(
  key: string,
  columns: readonly EventColumn[],
  events: readonly EventRow[] | undefined,
  clock: Clock,
): ColumnWidths {
  const chosen = useStore((state) => state.settings.eventWidths);
  const seen = useRef({ key, widths: new Map<EventColumn, CssPixels>() });
  const [fitted, setFitted] = useState(0);
  if (seen.current.key !== key) seen.current = { key, widths: new Map() };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another key begins anew
  return useMemo(() => {
    const { widths } = seen.current;
    for (const column of columns) {
      const { head, write } = columnFacts[column];
      let widest = Math.max(widths.get(column) ?? NARROWEST, measureText(head, TEXT_SIZE));
      for (const event of events ?? []) widest = Math.max(widest, measure(column, write(event, clock)));
      widths.set(column, Math.min(Math.ceil(widest), WIDEST));
    }
    const of = (column: EventColumn) => chosen[column] ?? widths.get(column)!;
    const pixels = columns.map(of);
    return {
      of,
      template: pixels.map((width, i) => (i < pixels.length - 1 ? `${width}px` : `minmax(${width}px, 1fr)`)).join(' '),
      total: pixels.reduce((sum, width) => sum + width, SIDES + GAP * (pixels.length - 1)),
      resize: (column: EventColumn, width: CssPixels) => changeWidths({ [column]: width }, undefined),
      fit: (column: EventColumn) => {
        widths.delete(column);
        changeWidths({}, column);
        setFitted((times) => times + 1);
      },
    };
  }, [key, columns, events, clock, chosen, fitted]);
}

function changeWidths(more: Settings['eventWidths'], less: EventColumn | undefined): void {
  const { settings, changeSettings } = useStore.getState();
  const eventWidths = { ...settings.eventWidths, ...more };
  if (less !== undefined) delete eventWidths[less];
  changeSettings({ eventWidths });
}

function measure(column: EventColumn, text: string): CssPixels {
  if (text === '') return 0;
  const room = ROOM[column] ?? 2;
  if (column === 'site') return text.length * MONO_WIDTH + room;
  if (columnFacts[column].isNumber) return text.length * DIGIT_WIDTH + room;
  return measureText(text, TEXT_SIZE) + room;
}
