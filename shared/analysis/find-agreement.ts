import { firstPlace } from '../bisect.ts';
import { EventKind, type EventTable } from '../event-table/event-table.ts';
import type { IsComplete } from './complete-stretches.ts';
import type { RowsByModule } from './index-rows-by-module.ts';
import { createRaceJudge, LONGEST_RACE, type Patience } from './judge-race.ts';

/** Numbers agree firmly where so many in a row do, or one does behind which nothing happens for so long. */
const IN_A_ROW = 8;
const REST = 1_000_000;
/** Counts that a module may have had before its first event, by the numbers after it. */
const MOST_CANDIDATES = 3;

/** What is asked again and again of one recording. */
export interface Agreements {
  /**
   * Where the numbers of a module firmly agree again with what its events add up to, when nothing is missing between. Then
   * what did not agree was a race of CPUs, however many events it lasted: a CPU was stopped between counting and printing,
   * and another event that was missing would be missed for good.
   *
   * @param place the first event that does not agree
   * @param counted the count before it, as the events add up, with the base reference
   * @param previous the row of the module's event before it
   * @returns the place of an event that agrees; −1 where there is none, or where events may be missing
   */
  next(place: number, counted: number, previous: number): number;
  /**
   * The count before an event, where nothing but printed numbers tells, with the base reference: one that many of the numbers
   * after it agree with, and with which they do so for longest. Undefined where events may be missing.
   */
  countBefore(place: number): number | undefined;
}

/** Compares numbers and events where the kernel's own count proves that nothing is missing. */
export function findAgreements(
  table: EventTable,
  { rows, offset }: RowsByModule,
  isComplete: IsComplete,
  patience: Patience,
): Agreements {
  const { kind, time, refcount } = table;
  const hasTime = table.clock.unit === 'nanoseconds';
  const isRace = createRaceJudge(table, patience);

  /** The place behind the last event that is compared with the one at `place`. */
  function endOf(place: number): number {
    return offset[table.module[rows[place]!]! + 1]!;
  }

  function counts(row: number): boolean {
    return kind[row] === EventKind.get || kind[row] === EventKind.put;
  }

  function restsAfter(place: number, end: number): boolean {
    if (place + 1 >= end) return true;
    const next = rows[place + 1]!;
    return !counts(next) || time[next]! - time[rows[place]!]! >= REST;
  }

  function stepOf(row: number): number {
    return kind[row] === EventKind.get ? 1 : -1;
  }

  function next(place: number, counted: number, previous: number): number {
    if (!hasTime || !isComplete(previous, rows[place]!)) return -1;
    const end = endOf(place);
    const start = rows[place]!;
    let sum = counted;
    let agreeing = 0;
    for (let ahead = place; ahead < end && patience.left > 0; ahead++, patience.left--) {
      const row = rows[ahead]!;
      if (!counts(row) || time[row]! - time[start]! > LONGEST_RACE) return -1;
      sum += stepOf(row);
      agreeing = refcount[row] === sum ? agreeing + 1 : 0;
      if (agreeing === IN_A_ROW || (agreeing > 0 && restsAfter(ahead, end)))
        return isComplete(previous, row) && isRace(start, row, counted) ? ahead : -1;
    }
    return -1;
  }

  /** How far numbers and events agree, but for races, with such a count before an event. */
  function reach(place: number, counted: number, end: number): number {
    let sum = counted;
    let agrees = place;
    for (let ahead = place; ahead < end && patience.left > 0; ahead++, patience.left--) {
      const row = rows[ahead]!;
      if (!counts(row)) return ahead;
      if (ahead >= agrees && refcount[row] !== sum + stepOf(row)) {
        agrees = next(ahead, sum, rows[Math.max(place, ahead - 1)]!);
        if (agrees < 0) return ahead;
      }
      sum += stepOf(row);
    }
    return end;
  }

  return {
    next,
    countBefore(place) {
      const start = rows[place]!;
      if (!hasTime || !isComplete(start, start)) return undefined;
      const end = place + firstPlace(endOf(place) - place, (ahead) => !isComplete(start, rows[place + ahead]!));
      const votes = new Map<number, number>();
      let sum = 0;
      let inARow = 0;
      // That the first number is none of a race is believed as long as it can be.
      const first = refcount[start]! - stepOf(start);
      let last = first;
      const vote = () => votes.set(last, (votes.get(last) ?? 0) + inARow);
      for (let ahead = place; ahead < end && patience.left > 0; ahead++, patience.left--) {
        const row = rows[ahead]!;
        if (!counts(row)) break;
        sum += stepOf(row);
        const before = refcount[row]! - sum;
        if (before !== last) {
          vote();
          inARow = 0;
          last = before;
        }
        inARow++;
      }
      vote();
      const believable = [...votes].filter(([before]) => before >= 1).sort((a, b) => b[1] - a[1]);
      const candidates = believable.slice(0, MOST_CANDIDATES).map(([before]) => before);
      if (candidates.length < 2) return candidates[0];
      if (first >= 1) candidates.unshift(first);
      // Behind the last event nothing is under way, unless the recording ends in the middle of it.
      if (last >= 1 && !candidates.includes(last)) candidates.push(last);
      let best: number | undefined;
      let farthest = -1;
      for (const candidate of candidates) {
        const reached = reach(place, candidate, end);
        if (reached <= farthest) continue;
        best = candidate;
        farthest = reached;
        if (reached === end) break;
      }
      return best;
    },
  };
}
