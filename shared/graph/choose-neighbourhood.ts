import type { Seats } from './assign-seats.ts';
import type { GraphQuery } from './holder-graph.ts';

/** Which seats are shown. */
export interface Neighbourhood {
  readonly seats: ReadonlySet<number>;
  /** How far from the centre; undefined where everything is shown. */
  readonly hops: number | undefined;
}

/** More than this is no picture any more, and takes too long to lay out. */
export const MOST_SEATS = 400;
/** Up to this the whole is taken in at one glance. */
const GLANCE_SEATS = 48;

/**
 * Everything, where that is not too much; else what is at most so many hops from the centre, as many hops as there is
 * room for but at least one. Where even one is too much, those that `matter` come first.
 *
 * Shape: no seats where all is too much and there is no centre to begin from.
 */
export function chooseNeighbourhood(
  seats: Seats,
  centre: number | undefined,
  hops: GraphQuery['hops'],
  matters: (seat: number) => boolean,
): Neighbourhood {
  const all = hops === 'auto' && centre !== undefined ? GLANCE_SEATS : MOST_SEATS;
  if (typeof hops === 'string' && seats.count <= all) return everything(seats);
  if (centre === undefined) return seats.count <= MOST_SEATS ? everything(seats) : { seats: new Set(), hops: 0 };
  const near = neighboursOf(seats);
  const chosen = new Set([centre]);
  let ring = [centre];
  for (let hop = 0; ; hop++) {
    if (hop === hops) return { seats: chosen, hops: hop };
    const next = new Set(ring.flatMap((seat) => near[seat]!).filter((seat) => !chosen.has(seat)));
    if (next.size === 0) return { seats: chosen, hops: typeof hops === 'number' ? hops : Math.max(1, hop) };
    if (chosen.size + next.size > (hop === 0 ? MOST_SEATS : all)) {
      if (hop > 0) return { seats: chosen, hops: hop };
      const inOrder = [...next].sort((a, b) => Number(matters(b)) - Number(matters(a)) || a - b);
      return { seats: new Set([centre, ...inOrder.slice(0, MOST_SEATS - 1)]), hops: 1 };
    }
    for (const seat of next) chosen.add(seat);
    ring = [...next];
  }
}

function everything({ count }: Seats): Neighbourhood {
  return { seats: new Set(Array.from({ length: count }, (_, seat) => seat)), hops: undefined };
}

function neighboursOf({ count, links }: Seats): number[][] {
  const near: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of links) {
    near[from]!.push(to);
    near[to]!.push(from);
  }
  return near;
}
