import { EventKind, type EventTable } from '../event-table/event-table.ts';
import type { RowsByModule } from './index-rows-by-module.ts';

const NO_CPU = 0xffff;
/** Events before and after a misfit among which another order of the CPUs is tried, and how far from it. Nanoseconds. */
const WINDOW = 24;
const WINDOW_TIME = 8_000_000;
/** Two operations at once print the same number or swap them; a few events later, and very soon, all agrees again. */
const CLASH = 4;
const CLASH_TIME = 1_000_000;
/** States of the search for another order: of one misfit, and of a whole recording, which may be of nothing else. */
const MOST_STATES = 2_048;
export const MOST_STATES_IN_ALL = 2_000_000;

/** States that are left for the rest of a recording. */
export interface RaceSearch {
  states: number;
}

/**
 * Tells a race between CPUs from a loss of events. The count is read after the operation and not with it, so two CPUs
 * may print the same or swapped numbers; and their clocks differ a little, so their events may stand in the wrong order. In
 * both cases the numbers agree again by themselves; after a loss they do not.
 *
 * Source: include/trace/events/module.h module_refcnt: `__entry->refcnt = atomic_read(&mod->refcnt)`.
 *
 * @param counted the count before the event at `place`, as the events add up, with the base reference
 * @returns the place of the event at which the numbers agree again; −1 when events were lost
 */
export function endOfRace(
  table: EventTable,
  index: RowsByModule,
  place: number,
  counted: number,
  search: RaceSearch,
): number {
  const { rows } = index;
  const start = rows[place]!;
  const module = table.module[start]!;
  const last = Math.min(index.offset[module + 1]!, place + WINDOW);
  const hasTime = table.clock.unit === 'nanoseconds';
  let expected = counted;
  let otherLane = false;
  for (let ahead = place; ahead < last; ahead++) {
    const row = rows[ahead]!;
    const kind = table.kind[row];
    if (kind !== EventKind.get && kind !== EventKind.put) return -1;
    const elapsed = hasTime ? table.time[row]! - table.time[start]! : 0;
    if (elapsed > WINDOW_TIME) return -1;
    const sameCpu = table.cpu[row] === table.cpu[start] && table.cpu[row] !== NO_CPU;
    if (!sameCpu && pidOf(table, row) !== pidOf(table, start)) otherLane = true;
    expected += kind === EventKind.get ? 1 : -1;
    if (ahead === place || !otherLane || table.refcount[row] !== expected) continue;
    if (ahead - place < CLASH && elapsed <= CLASH_TIME) return ahead;
    if (search.states > 0 && hasOtherOrder(table, index, place, ahead, expected, search)) return ahead;
  }
  return -1;
}

/**
 * The count before the first event of a module, which nothing but its own printed number tells: where that number and
 * the next ones disagree, another start that makes a mere race of it is believed.
 *
 * @param printed the count before the event at `place` by its own number, with the base reference
 */
export function beginOfRace(
  table: EventTable,
  index: RowsByModule,
  place: number,
  printed: number,
  search: RaceSearch,
): number {
  const { rows } = index;
  const next = rows[place + 1]!;
  if (place + 1 >= index.offset[table.module[rows[place]!]! + 1]!) return printed;
  const expected = table.refcount[rows[place]!]! + (table.kind[next] === EventKind.get ? 1 : -1);
  if (table.refcount[next] === expected) return printed;
  for (const other of [printed - 1, printed + 1]) {
    if (other >= 1 && endOfRace(table, index, place, other, search) >= 0) return other;
  }
  return printed;
}

/**
 * Whether the events around a misfit make sense in another order that keeps the order of each CPU: then each printed
 * number is the count after its event.
 *
 * @param counted the count after the event at `ahead`
 */
function hasOtherOrder(
  table: EventTable,
  index: RowsByModule,
  place: number,
  ahead: number,
  counted: number,
  search: RaceSearch,
): boolean {
  const { rows } = index;
  const start = rows[place]!;
  let from = place;
  while (from > index.offset[table.module[start]!]! && place - from < WINDOW) {
    const row = rows[from - 1]!;
    const kind = table.kind[row];
    if (kind !== EventKind.get && kind !== EventKind.put) break;
    if (table.clock.unit === 'nanoseconds' && table.time[start]! - table.time[row]! > WINDOW_TIME) break;
    from--;
  }
  const window = Array.from(rows.subarray(from, ahead + 1));
  const before = window.reduce((count, row) => count - stepOf(table, row), counted);
  return fitsInSomeOrder(table, splitLanes(table, window), before, search);
}

/** Events whose order is sure: those of one CPU, and of CPUs between which a task moved. */
function splitLanes(table: EventTable, window: readonly number[]): number[][] {
  const laneOfCpu = new Map<number, number>();
  const laneOfPid = new Map<number, number>();
  for (const row of window) {
    const cpu = table.cpu[row]!;
    const pid = pidOf(table, row);
    const lane = laneOfPid.get(pid) ?? laneOfCpu.get(cpu) ?? row;
    const merged = laneOfCpu.get(cpu) ?? lane;
    for (const lanes of [laneOfCpu, laneOfPid]) {
      for (const [key, other] of lanes) if (other === merged) lanes.set(key, lane);
    }
    laneOfCpu.set(cpu, lane);
    if (pid !== 0) laneOfPid.set(pid, lane);
  }
  const lanes = new Map<number, number[]>();
  for (const row of window) {
    const lane = laneOfCpu.get(table.cpu[row]!)!;
    const events = lanes.get(lane);
    if (events === undefined) lanes.set(lane, [row]);
    else events.push(row);
  }
  return [...lanes.values()];
}

function pidOf(table: EventTable, row: number): number {
  return table.tasks[table.task[row]!]?.pid ?? 0;
}

function stepOf(table: EventTable, row: number): number {
  return table.kind[row] === EventKind.get ? 1 : -1;
}

/**
 * How far each lane has come tells the count, whatever the order was: so every such state is visited once. One event
 * may have read its number late and print any other.
 */
function fitsInSomeOrder(
  table: EventTable,
  lanes: readonly (readonly number[])[],
  before: number,
  search: RaceSearch,
): boolean {
  // The places of all lanes as the digits of one number. At most 2 × WINDOW events in lanes of one each need as many bits.
  const units: number[] = [];
  let states = 1;
  for (const lane of lanes) {
    units.push(states);
    states *= lane.length + 1;
  }
  const goal = states - 1;
  const seen = new Set<number>();
  const places = [0];
  const counts = [before];
  const lates = [0];
  while (places.length > 0 && seen.size < MOST_STATES) {
    const place = places.pop()!;
    const count = counts.pop()!;
    const late = lates.pop()!;
    if (place === goal) return true;
    const key = place * 2 + late;
    if (seen.has(key)) continue;
    seen.add(key);
    search.states--;
    for (let number = 0; number < lanes.length; number++) {
      const lane = lanes[number]!;
      const row = lane[Math.floor(place / units[number]!) % (lane.length + 1)];
      if (row === undefined) continue;
      const after = count + stepOf(table, row);
      const nowLate = late + (table.refcount[row] === after ? 0 : 1);
      if (nowLate > 1) continue;
      places.push(place + units[number]!);
      counts.push(after);
      lates.push(nowLate);
    }
  }
  return false;
}
