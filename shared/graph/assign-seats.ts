import type { Ties } from './collect-ties.ts';
import { type Parties, partiesOf } from './group-tasks.ts';

/** The places of a picture: parties that are never there at the same time may share one. */
export interface Seats {
  readonly count: number;
  /** Per party. */
  readonly seatOf: Int32Array;
  /** The parties of each seat, in order of their start. */
  readonly sitters: readonly (readonly number[])[];
  /** From holder to module, each pair once. */
  readonly links: readonly { readonly from: number; readonly to: number }[];
}

/**
 * Gives every party a seat for the whole recording, as a hold has a lane in the timeline: nothing that stays ever moves
 * when the cursor does, and the picture is as large as what there is at one time, not as all there ever was.
 *
 * ```
 * udevd-41  ├────┤                    both held drm and nothing else, one after the other:
 * udevd-97            ├─────────▶     one seat, for drawn they are alike
 * ```
 * Modules have a seat of their own each. Holders share one only with holders of the same modules.
 */
export function assignSeats({ ends, ties }: Ties, parties: Parties): Seats {
  const heldBy: Set<number>[] = parties.parties.map(() => new Set());
  for (const tie of ties) {
    const { from, to } = partiesOf(parties, tie);
    heldBy[from]!.add(to);
  }
  const seatOf = new Int32Array(parties.parties.length);
  const sitters: number[][] = [];
  const freeFrom: number[] = [];
  const alike = new Map<string, number[]>();
  const inOrder = [...parties.parties.keys()].sort(
    (a, b) => parties.parties[a]!.start - parties.parties[b]!.start || a - b,
  );
  for (const party of inOrder) {
    const { members, start, end } = parties.parties[party]!;
    const isModule = ends[members[0]!]!.sort === 'module';
    const key = isModule ? `module ${party}` : [...heldBy[party]!].sort((a, b) => a - b).join(' ');
    const seats = alike.get(key) ?? [];
    alike.set(key, seats);
    let seat = seats.find((one) => freeFrom[one]! <= start);
    if (seat === undefined) {
      seat = sitters.push([]) - 1;
      seats.push(seat);
    }
    sitters[seat]!.push(party);
    freeFrom[seat] = end;
    seatOf[party] = seat;
  }
  return { count: sitters.length, seatOf, sitters, links: linkSeats(ties, parties, seatOf, sitters.length) };
}

function linkSeats(ties: Ties['ties'], parties: Parties, seatOf: Int32Array, count: number): Seats['links'] {
  const links = new Map<number, { from: number; to: number }>();
  for (const tie of ties) {
    const ends = partiesOf(parties, tie);
    const from = seatOf[ends.from]!;
    const to = seatOf[ends.to]!;
    links.set(from * count + to, { from, to });
  }
  return [...links.values()];
}
