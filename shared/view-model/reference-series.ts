import type { HoldTable } from '../analysis/hold-table.ts';
import { firstNotBelow } from '../bisect.ts';
import { EventKind, type EventTable } from '../event-table/event-table.ts';
import { ABSENT } from './recording-view.ts';

/**
 * A module's references after each of its events, with a pyramid of lowest and highest values over them.
 *
 * Shape: `levels[0]` has one entry per BLOCK events, each further level one per BLOCK entries of the level before.
 * Blocks in which the module is absent all the time hold ABSENT.
 */
export interface ReferenceSeries {
  /** IndexIntoEvents, ascending. */
  readonly rows: Int32Array;
  /** References as lsmod counts them, or ABSENT. */
  readonly values: Int32Array;
  readonly levels: readonly { readonly min: Int32Array; readonly max: Int32Array }[];
  readonly max: number;
}

const BLOCK = 64;
/** The kernel's own reference, which lsmod does not count. Source: kernel/module/main.c, MODULE_REF_BASE */
const BASE = 1;

/** The printed refcount of every event, without the kernel's base. Nothing is summed that the kernel printed. */
export function printedReferences(table: EventTable, rows: Int32Array): Int32Array {
  const references = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const kind = table.kind[row]!;
    if (kind === EventKind.free) references[i] = ABSENT;
    // The load prints no number; the kernel sets it to the base and one reference of the loader, for the time of init.
    else if (kind === EventKind.load) references[i] = 1;
    else references[i] = Math.max(table.refcount[row]! - BASE, ABSENT + 1);
  }
  return references;
}

/**
 * The holds that are open after every event: for kernels before 3.19, whose number is that of one CPU and no count.
 *
 * References from before the recording are in it only if something showed them, so it is a lower bound.
 */
export function countedHolds(table: EventTable, holds: HoldTable, rows: Int32Array, members: Int32Array): Int32Array {
  const change = new Int32Array(rows.length + 1);
  let open = 0;
  const at = (row: number, time: number) =>
    row >= 0
      ? firstNotBelow(rows, undefined, row, 0, rows.length)
      : firstNotBelow(table.time, rows, time, 0, rows.length);
  for (const hold of members) {
    if (holds.start[hold] === Number.NEGATIVE_INFINITY) open++;
    else change[at(holds.startRow[hold]!, holds.start[hold]!)]!++;
    if (holds.end[hold] !== Number.POSITIVE_INFINITY) change[at(holds.endRow[hold]!, holds.end[hold]!)]!--;
  }
  const counts = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    open += change[i]!;
    counts[i] = table.kind[rows[i]!] === EventKind.free ? ABSENT : open;
  }
  return counts;
}

/**
 * Prepares values over rows so that the lowest and highest of any stretch are found fast.
 *
 * @param before a series that these rows and values begin with
 */
export function buildSeries(rows: Int32Array, values: Int32Array, before?: ReferenceSeries): ReferenceSeries {
  const levels: { min: Int32Array; max: Int32Array }[] = [];
  /** Entries of the level below that are as they were. */
  let kept = before?.rows.length ?? 0;
  for (let min = values, max = values; min.length > BLOCK; ) {
    const length = Math.ceil(min.length / BLOCK);
    const level = { min: new Int32Array(length), max: new Int32Array(length) };
    const known = before?.levels[levels.length];
    kept = known === undefined ? 0 : Math.floor(kept / BLOCK);
    if (known !== undefined) {
      level.min.set(known.min.subarray(0, kept));
      level.max.set(known.max.subarray(0, kept));
    }
    for (let block = kept; block < length; block++) {
      const extent = extentOf(min, max, block * BLOCK, Math.min(min.length, (block + 1) * BLOCK), EMPTY);
      level.min[block] = extent.min;
      level.max[block] = extent.max;
    }
    levels.push(level);
    min = level.min;
    max = level.max;
  }
  const series = { rows, values, levels, max: 0 };
  return { ...series, max: Math.max(0, extentOfEvents(series, 0, rows.length).max) };
}

interface Extent {
  readonly min: number;
  readonly max: number;
}

const EMPTY: Extent = { min: ABSENT, max: ABSENT };

/** Lowest and highest references after the events `from … to − 1`, both ABSENT if there are none. */
export function extentOfEvents(series: Pick<ReferenceSeries, 'values' | 'levels'>, from: number, to: number): Extent {
  let extent = EMPTY;
  let level = -1;
  let low = from;
  let high = to;
  // Ragged ends are read on one level, the whole blocks between them on the next one up.
  for (;;) {
    const min = level < 0 ? series.values : series.levels[level]!.min;
    const max = level < 0 ? series.values : series.levels[level]!.max;
    const lowBlock = Math.ceil(low / BLOCK);
    const highBlock = Math.floor(high / BLOCK);
    if (lowBlock >= highBlock || level + 1 >= series.levels.length) return extentOf(min, max, low, high, extent);
    extent = extentOf(min, max, low, lowBlock * BLOCK, extent);
    extent = extentOf(min, max, highBlock * BLOCK, high, extent);
    low = lowBlock;
    high = highBlock;
    level++;
  }
}

function extentOf(mins: Int32Array, maxs: Int32Array, from: number, to: number, known: Extent): Extent {
  let { min, max } = known;
  for (let i = from; i < to; i++) {
    if (mins[i]! === ABSENT) continue;
    if (min === ABSENT || mins[i]! < min) min = mins[i]!;
    if (maxs[i]! > max) max = maxs[i]!;
  }
  return { min, max };
}
