import { useMemo } from 'react';
import type { EventFilter, EventRow } from '../../shared/view-model/recording-view.ts';
import { useSearch } from '../search/use-search.ts';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';

/** Rows are asked for in blocks of so many, so that a small scroll finds them there. */
const BLOCK = 64;

/** Some rows of the list around what is in view. */
export interface EventBlock {
  readonly from: number;
  readonly events: readonly EventRow[];
}

/** The rows from `first` to `last` with some around them; undefined until they are there, and while the filter changes. */
export function useEventBlock(filter: EventFilter, count: number, first: number, last: number): EventBlock | undefined {
  const { id, engine } = useRecording();
  const filterKey = JSON.stringify([id, filter.text, filter.modules]);
  const from = Math.max(0, Math.floor(first / BLOCK) * BLOCK - BLOCK);
  const to = Math.min(count, Math.ceil((last + 1) / BLOCK) * BLOCK + BLOCK);
  const block = useLatestAnswer(last < first ? undefined : `${filterKey} ${from} ${to}`, async () => ({
    filterKey,
    from,
    events: await engine.eventRows(filter, from, to - from),
  }));
  return block?.filterKey === filterKey ? block : undefined;
}

/** Where the last event at or before the cursor stands; undefined until that is known. */
export function useCursorPlace(filter: EventFilter): { readonly cursor: number; readonly index: number } | undefined {
  const { id, engine } = useRecording();
  const cursor = useStore((state) => state.cursor);
  const filterKey = JSON.stringify([id, filter.text, filter.modules]);
  const place = useLatestAnswer(`${filterKey} ${cursor}`, async () => ({
    filterKey,
    cursor,
    index: Math.max(0, await engine.eventPositionAt(filter, cursor)),
  }));
  const found = place?.filterKey === filterKey ? place : undefined;
  const at = found?.cursor;
  const index = found?.index;
  // Of a recording that has grown it is the same place, and no reason to scroll there again.
  return useMemo(() => (at === undefined || index === undefined ? undefined : { cursor: at, index }), [at, index]);
}

/** Which of the rows are hits of the search. */
export function useHitRows(block: EventBlock | undefined): ReadonlySet<number> {
  const { id, engine } = useRecording();
  const search = useSearch();
  const rows = block?.events.map(({ row }) => row) ?? [];
  const isAsked = search !== undefined && rows.length > 0;
  const hits = useLatestAnswer(isAsked ? JSON.stringify([id, search, rows]) : undefined, () =>
    engine.hitRows(search ?? { text: '', search: '' }, rows),
  );
  return useMemo(() => new Set(hits), [hits]);
}
