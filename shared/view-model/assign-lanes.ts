import type { HoldTable } from '../analysis/hold-table.ts';
import { firstAbove, firstNotBelow } from '../bisect.ts';
import type { RecordingTime } from '../units.ts';

/**
 * The holds of one module, packed into lanes so that no two in a lane overlap.
 *
 * Shape: each lane is IndexIntoHolds by start; since they do not overlap, their ends ascend too.
 */
export interface Lanes {
  readonly lanes: readonly Int32Array[];
  /** Of holds that found no lane: their starts and their ends, each sorted. */
  readonly left: { readonly starts: Float64Array; readonly ends: Float64Array };
}

/** No screen shows more; what does not fit is counted. */
export const LANE_LIMIT = 48;
const TIERS = 9;

/**
 * Gives every hold its lane, once for the whole recording, so that it keeps it while the window moves.
 *
 * Longest first: open holds, then holds of an eighth of the recording or more, of a 64th … and in each of these tiers
 * in order of their start, each in the first lane that is free. A storm of short holds so never drives the long ones
 * out of sight. Transient holds get no lane.
 */
export function assignLanes(holds: HoldTable, members: Int32Array, end: RecordingTime): Lanes {
  const tiers: number[][] = Array.from({ length: TIERS }, () => []);
  for (const hold of members) if (holds.transient[hold] === 0) tiers[tierOf(holds, hold, end)]!.push(hold);

  const lanes: number[][] = [];
  const left: number[] = [];
  for (const tier of tiers) {
    if (tier.length === 0) continue;
    const added = packTier(holds, tier, lanes, left);
    for (const [lane, fresh] of added.entries())
      if (fresh.length > 0) lanes[lane] = merge(holds, lanes[lane] ?? [], fresh);
  }
  return {
    lanes: lanes.map((lane) => Int32Array.from(lane)),
    left: {
      starts: pick(holds.start, left).sort(),
      ends: pick(holds.end, left).sort(),
    },
  };
}

function tierOf(holds: HoldTable, hold: number, end: RecordingTime): number {
  if (holds.end[hold] === Number.POSITIVE_INFINITY) return 0;
  const duration = holds.end[hold]! - Math.max(0, holds.start[hold]!);
  let tier = 1;
  for (let least = end / 8; duration < least && tier < TIERS - 1; least /= 8) tier++;
  return tier;
}

/** The values of some rows. A loop: `from` with a function takes ten times as long. */
function pick(column: Float64Array, rows: readonly number[]): Float64Array {
  const values = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) values[i] = column[rows[i]!]!;
  return values;
}

/**
 * Places one tier's holds beside what is in the lanes already; answers what is new in each lane.
 *
 * A lane is free for a hold when the last one placed in it has ended, and the next one that was there before begins
 * after the hold's end. Most holds of a storm ask every lane in vain, so what they ask for lies in flat columns.
 */
function packTier(holds: HoldTable, tier: readonly number[], lanes: readonly number[][], left: number[]): number[][] {
  const added: number[][] = Array.from({ length: LANE_LIMIT }, () => []);
  const busyUntil = new Float64Array(LANE_LIMIT).fill(Number.NEGATIVE_INFINITY);
  const place = new Int32Array(LANE_LIMIT);
  const nextStart = new Float64Array(LANE_LIMIT);
  const nextEnd = new Float64Array(LANE_LIMIT);
  const step = (lane: number, to: number) => {
    const taken = lanes[lane];
    const last = taken === undefined || to >= taken.length;
    place[lane] = to;
    nextStart[lane] = last ? Number.POSITIVE_INFINITY : holds.start[taken[to]!]!;
    nextEnd[lane] = last ? Number.POSITIVE_INFINITY : holds.end[taken[to]!]!;
  };
  for (let lane = 0; lane < LANE_LIMIT; lane++) step(lane, 0);

  // Nothing changes for the holds that find no lane, until the first lane that is taken at their start is free again.
  let allTakenUntil = Number.NEGATIVE_INFINITY;
  for (const hold of tier) {
    const start = holds.start[hold]!;
    if (start < allTakenUntil) {
      left.push(hold);
      continue;
    }
    const end = holds.end[hold]!;
    let firstFree = Number.POSITIVE_INFINITY;
    let lane = 0;
    for (; lane < LANE_LIMIT; lane++) {
      let free = busyUntil[lane]!;
      if (free <= start) {
        while (nextEnd[lane]! <= start) step(lane, place[lane]! + 1);
        if (nextStart[lane]! >= end) break;
        // Where the next one begins later, a shorter hold may have room before it.
        free = nextStart[lane]! <= start ? nextEnd[lane]! : Number.NEGATIVE_INFINITY;
      }
      if (free < firstFree) firstFree = free;
    }
    if (lane === LANE_LIMIT) {
      left.push(hold);
      allTakenUntil = firstFree;
    } else {
      added[lane]!.push(hold);
      busyUntil[lane] = end;
    }
  }
  return added;
}

function merge(holds: HoldTable, a: readonly number[], b: readonly number[]): number[] {
  const merged: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const earlier = holds.start[b[j]!]! - holds.start[a[i]!]! || holds.end[b[j]!]! - holds.end[a[i]!]!;
    merged.push(earlier < 0 ? b[j++]! : a[i++]!);
  }
  while (i < a.length) merged.push(a[i++]!);
  while (j < b.length) merged.push(b[j++]!);
  return merged;
}

/** How many holds overlap a window but are not in the first `maxLanes` lanes. */
export function countHidden(
  holds: HoldTable,
  { lanes, left }: Lanes,
  from: RecordingTime,
  to: RecordingTime,
  maxLanes: number,
): number {
  const { starts, ends } = left;
  let hidden =
    firstAbove(starts, undefined, to, 0, starts.length) - firstNotBelow(ends, undefined, from, 0, ends.length);
  for (const lane of lanes.slice(maxLanes))
    hidden += firstAbove(holds.start, lane, to, 0, lane.length) - firstNotBelow(holds.end, lane, from, 0, lane.length);
  return hidden;
}
