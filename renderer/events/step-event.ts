import type { EventFilter, EventRow } from '../../shared/view-model/recording-view.ts';
import { askEngine } from '../state/ask-engine.ts';
import type { RecordingEngine } from '../state/recording-engine.ts';
import { useStore } from '../state/store.ts';

/** So many events of one instant are told apart when going from one to the next. */
const TIES = 256;

/** Selects the event before or after the selected one among those that pass a filter. */
export async function stepEvent(filter: EventFilter, by: number): Promise<void> {
  const { recording, cursor, row } = useStore.getState();
  if (recording === undefined) return;
  const event = await askEngine(recording, (engine) => findStep(engine, filter, cursor, row, by));
  if (event !== undefined) useStore.getState().selectEvent(event);
}

/** The next or previous event of the selected module. */
export function stepInModule(by: 1 | -1): Promise<void> {
  const { module } = useStore.getState();
  return stepEvent({ text: '', modules: module === undefined ? [] : [module] }, by);
}

async function findStep(
  engine: RecordingEngine,
  filter: EventFilter,
  cursor: number,
  row: number | undefined,
  by: number,
): Promise<EventRow | undefined> {
  const last = await engine.eventPositionAt(filter, cursor);
  const count = await engine.eventCount(filter);
  if (count === 0) return undefined;
  const here = await positionOf(engine, filter, last, row);
  // Between two events, one step back is the event before the cursor.
  const wanted = here ?? (by < 0 ? last + 1 : last);
  const target = Math.min(Math.max(wanted + by, 0), count - 1);
  return (await engine.eventRows(filter, target, 1))[0];
}

/** Where the selected row stands: at the last event of its instant, or among those before it. */
async function positionOf(engine: RecordingEngine, filter: EventFilter, last: number, row: number | undefined) {
  if (row === undefined || last < 0) return undefined;
  const first = Math.max(0, last - TIES + 1);
  const rows = await engine.eventRows(filter, first, last - first + 1);
  const place = rows.findIndex((event) => event.row === row);
  return place < 0 ? undefined : first + place;
}
