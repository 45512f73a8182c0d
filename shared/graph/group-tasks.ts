import type { RecordingTime } from '../units.ts';
import type { Tie, TieEnd, Ties } from './collect-ties.ts';

/** A node for one or for many ends of ties, over the whole recording. */
export interface Party {
  readonly id: string;
  /** Places in `Ties.ends`; more than one for the many tasks of one name. */
  readonly members: readonly number[];
  readonly isGroup: boolean;
  /** From when to when it is in the picture; no end where what has ended stays. */
  readonly start: RecordingTime;
  readonly end: RecordingTime;
}

export interface Parties {
  readonly parties: readonly Party[];
  /** Per end of a tie, its party. */
  readonly partyOf: Int32Array;
}

/** From how many tasks of one name at the same time on they are shown as one. */
const MANY = 8;

/**
 * Puts the tasks of one name together where many of them hold at the same time. That is decided once for the whole
 * recording, so that no node turns into another while the cursor moves.
 *
 * @param ended what has ended stays in the picture, and counts
 */
export function groupTasks({ ends }: Ties, ended: boolean, expanded: ReadonlySet<string>): Parties {
  const byName = new Map<string, number[]>();
  for (const [place, { sort, holder }] of ends.entries()) {
    if (sort !== 'task' || expanded.has(holder.name)) continue;
    const members = byName.get(holder.name);
    if (members === undefined) byName.set(holder.name, [place]);
    else members.push(place);
  }
  const endOf = (place: number) => (ended ? Number.POSITIVE_INFINITY : ends[place]!.end);
  const partyOf = new Int32Array(ends.length).fill(-1);
  const parties: Party[] = [];
  for (const [name, members] of byName) {
    if (members.length < MANY || mostAtOnce(members, ends, endOf) < MANY) continue;
    let start = Number.POSITIVE_INFINITY;
    let end = Number.NEGATIVE_INFINITY;
    for (const member of members) {
      partyOf[member] = parties.length;
      start = Math.min(start, ends[member]!.start);
      end = Math.max(end, endOf(member));
    }
    parties.push({ id: `tasks ${name}`, members, isGroup: true, start, end });
  }
  for (const [place, { id, start }] of ends.entries()) {
    if (partyOf[place]! >= 0) continue;
    partyOf[place] = parties.push({ id, members: [place], isGroup: false, start, end: endOf(place) }) - 1;
  }
  return { parties, partyOf };
}

function mostAtOnce(members: readonly number[], ends: readonly TieEnd[], endOf: (place: number) => number): number {
  const starts = Float64Array.from(members, (member) => ends[member]!.start).sort();
  const stops = Float64Array.from(members, endOf).sort();
  let most = 0;
  let stopped = 0;
  for (let started = 0; started < starts.length; started++) {
    while (stops[stopped]! <= starts[started]!) stopped++;
    most = Math.max(most, started + 1 - stopped);
  }
  return most;
}

/** The parties at both ends of a tie. */
export function partiesOf({ partyOf }: Parties, { from, to }: Tie): { readonly from: number; readonly to: number } {
  return { from: partyOf[from]!, to: partyOf[to]! };
}
