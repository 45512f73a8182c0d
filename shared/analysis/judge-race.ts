import { firstAbove, firstPlace } from '../bisect.ts';
import { EventKind, type EventTable } from '../event-table/event-table.ts';

/** Nothing keeps a CPU longer between counting and printing; a virtual one may be stopped for a while. */
export const LONGEST_RACE = 1_000_000_000;

/** Looks that are left: a text that is made of nothing but misfits must not take for ever. */
export interface Patience {
  left: number;
}

/** Whether the numbers of a module that do not agree, from one row to another, can be of a race; `counted` is before them. */
export type JudgeRace = (from: number, to: number, counted: number) => boolean;

/**
 * Tells a race from what only looks like one. A CPU counts one event at a time: it can be ahead of the others by the very
 * event that it stamps next, and read its number late, but before that. So a number is one of a race when those CPUs
 * whose next event is a get or a put of this module make up the difference, now or before this CPU goes on.
 *
 * Shape: needs every event of every CPU. Where a task is preempted between counting and stamping (older kernels forbid that), or
 * interrupted by another count, it says no.
 */
export function createRaceJudge(table: EventTable, patience: Patience): JudgeRace {
  const { cpu, kind, module, refcount, time, length } = table;
  let rowsOf: ReadonlyMap<number, Int32Array> | undefined;

  /** −1 where all of it can be, `length` where some cannot, else the row up to which a number may have been read late. */
  function judge(from: number, to: number, counted: number, known: ReadonlyMap<number, Int32Array>): number {
    const count = to - from + 1;
    const asked = module[from]!;
    const stepOf = (row: number) => {
      if (row >= length || module[row] !== asked) return 0;
      return kind[row] === EventKind.get ? 1 : kind[row] === EventKind.put ? -1 : 0;
    };
    // After each row: the count as the events add up, how many CPUs may be ahead by a get and by a put, and this CPU's next row.
    const sums = new Int32Array(count);
    const gets = new Int32Array(count);
    const puts = new Int32Array(count);
    const nexts = new Int32Array(count);
    for (let place = 0, sum = counted; place < count; place++) {
      sum += stepOf(from + place);
      sums[place] = sum;
    }
    const next = new Map<number, number>();
    let ahead = 0;
    let behind = 0;
    const note = (row: number, by: number) => {
      const step = stepOf(row);
      if (step > 0) ahead += by;
      else if (step < 0) behind += by;
    };
    for (const [one, rows] of known) {
      const row = rows[firstPlace(rows.length, (place) => rows[place]! > to)] ?? length;
      next.set(one, row);
      note(row, 1);
    }
    for (let place = count - 1; place >= 0; place--) {
      const row = from + place;
      const own = next.get(cpu[row]!)!;
      gets[place] = ahead;
      puts[place] = behind;
      nexts[place] = own;
      note(own, -1);
      note(row, 1);
      next.set(cpu[row]!, row);
    }

    for (let place = 0; place < count; place++) {
      const printed = refcount[from + place]!;
      if (stepOf(from + place) === 0 || printed === sums[place]) continue;
      const own = nexts[place]!;
      const ownStep = stepOf(own);
      const until = Math.min(count, own - from);
      let later = place;
      for (; later < until; later++) {
        const most = sums[later]! + gets[later]! - (ownStep > 0 ? 1 : 0);
        const least = sums[later]! - puts[later]! + (ownStep < 0 ? 1 : 0);
        if (printed >= least && printed <= most) break;
      }
      patience.left -= later - place;
      if (later === until) return own - from > count ? Math.min(own, length - 1) : length;
    }
    return -1;
  }

  return (from, to, counted) => {
    rowsOf ??= indexRowsByCpu(table);
    const farthest = firstAbove(time, undefined, time[from]! + LONGEST_RACE, from, length) - 1;
    for (let end = to; patience.left > 0; ) {
      // Every CPU is asked what it does next.
      patience.left -= end - from + 1 + rowsOf.size;
      const later = judge(from, end, counted, rowsOf);
      if (later < 0) return true;
      if (later === length || end >= farthest) return false;
      end = Math.min(farthest, Math.max(later, from + 2 * (end - from)));
    }
    return false;
  };
}

function indexRowsByCpu({ cpu, length }: EventTable): ReadonlyMap<number, Int32Array> {
  const counts = new Map<number, number>();
  for (let row = 0; row < length; row++) counts.set(cpu[row]!, (counts.get(cpu[row]!) ?? 0) + 1);
  const rowsOf = new Map([...counts].map(([one, count]) => [one, new Int32Array(count)]));
  const filled = new Map<number, number>();
  for (let row = 0; row < length; row++) {
    const place = filled.get(cpu[row]!) ?? 0;
    rowsOf.get(cpu[row]!)![place] = row;
    filled.set(cpu[row]!, place + 1);
  }
  return rowsOf;
}
