import type { Analysis } from '../analysis/analysis.ts';
import type { IndexIntoHolds } from '../units.ts';
import { remember } from '../view-model/remember.ts';
import { assignSeats } from './assign-seats.ts';
import { chooseNeighbourhood } from './choose-neighbourhood.ts';
import { collectTies } from './collect-ties.ts';
import { groupTasks } from './group-tasks.ts';
import type { GraphNode, GraphPicture, GraphQuery } from './holder-graph.ts';
import { holderGraphAt } from './holder-graph-at.ts';
import { createLayoutKeeper, type LayoutKeeper } from './keep-layouts.ts';

/** Answers what a window asks of the holder graph of one recording. */
export interface HolderGraphs {
  /** With `passes`, only arrows that at least one such hold is behind, and who is at their ends. */
  at(query: GraphQuery, passes?: (hold: IndexIntoHolds) => boolean): GraphPicture;
}

/**
 * Makes the graphs of a recording. What does not depend on the time is made once and kept: who ever held what, the
 * seats, and the layout of what is shown; so moving the cursor costs neither a layout nor a place.
 *
 * @param layoutOf that of the same recording when it was shorter, so that it grows in the picture as it was
 */
export function createHolderGraphs(analysis: Analysis, layoutOf: LayoutKeeper = createLayoutKeeper()): HolderGraphs {
  const tiesOnce = remember(1, (_: 'all') => collectTies(analysis));
  const seatings = remember(4, (key: string) => {
    const { ended, expanded } = JSON.parse(key) as Pick<GraphQuery, 'ended' | 'expanded'>;
    const parties = groupTasks(tiesOnce('all'), ended, new Set(expanded));
    const seats = assignSeats(tiesOnce('all'), parties);
    return { parties, seats, partyOfId: new Map(parties.parties.map(({ id }, party) => [id, party])) };
  });

  return {
    at: ({ time, ended, centre, hops, expanded }, passes) => {
      const { parties, seats, partyOfId } = seatings(JSON.stringify({ ended, expanded }));
      const middle = centre === undefined ? undefined : partyOfId.get(centre);
      const always = middle === undefined ? undefined : parties.parties[middle]!.members[0];
      const graph = holderGraphAt(analysis, tiesOnce('all'), parties, time, { ended, always, passes });
      const seatsNow = new Set([...graph.nodes.keys()].map((party) => seats.seatOf[party]!));
      const around = middle === undefined ? undefined : seats.seatOf[middle];
      const chosen = chooseNeighbourhood(seats, around, hops, (seat) => seatsNow.has(seat));
      const shown = [...chosen.seats].sort((a, b) => a - b);
      const vertexOf = new Map(shown.map((seat, vertex) => [seat, vertex]));
      const vertexOfParty = (party: number) => vertexOf.get(seats.seatOf[party]!)!;
      const { layout, width, height, placeOf, routeOf } = layoutOf({
        // A seat is known by who sat there first, which later events do not change.
        ids: shown.map((seat) => parties.parties[seats.sitters[seat]![0]!]!.id),
        links: seats.links
          .filter(({ from, to }) => chosen.seats.has(from) && chosen.seats.has(to))
          .map(({ from, to }) => ({ from: vertexOf.get(from)!, to: vertexOf.get(to)! })),
      });

      const isShown = (party: number) => chosen.seats.has(seats.seatOf[party]!);
      const nodes = [...graph.nodes].filter(([party]) => isShown(party)).sort(([a], [b]) => a - b);
      const edges = graph.edges
        .filter(({ from, to }) => isShown(from) && isShown(to))
        .sort((a, b) => a.from - b.from || a.to - b.to);
      return {
        time,
        nodes: nodes.map(([, node]): GraphNode => node),
        edges: edges.map(({ edge }) => edge),
        notShown: graph.nodes.size - nodes.length,
        hops: chosen.hops,
        layout,
        width,
        height,
        places: nodes.map(([party]) => placeOf.get(vertexOfParty(party))!),
        routes: edges.map(({ from, to }) => routeOf(vertexOfParty(from), vertexOfParty(to))),
      };
    },
  };
}
