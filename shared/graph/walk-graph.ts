import type { GraphPicture } from './holder-graph.ts';

export type WalkDirection = 'left' | 'right' | 'up' | 'down' | 'first' | 'last';

/**
 * The id of the node that an arrow key leads to; the same where there is none.
 *
 * Right follows an arrow to what is held, left goes back to a holder, the straightest of several; up and down stay in
 * the column and go on in the next one at its end, so that every node can be reached.
 */
export function walkGraph(picture: GraphPicture, from: string, direction: WalkDirection): string {
  const { nodes, places, edges } = picture;
  const order = [...nodes.keys()].sort((a, b) => places[a]!.x - places[b]!.x || places[a]!.y - places[b]!.y);
  const position = order.findIndex((place) => nodes[place]!.id === from);
  const idAt = (place: number) => nodes[order[Math.min(Math.max(place, 0), order.length - 1)]!]?.id ?? from;
  if (position < 0 || direction === 'first') return idAt(0);
  if (direction === 'last') return idAt(order.length - 1);
  if (direction === 'up' || direction === 'down') return idAt(position + (direction === 'up' ? -1 : 1));

  const next = edges.flatMap((edge) => {
    const [here, there] = direction === 'right' ? [edge.from, edge.to] : [edge.to, edge.from];
    return here === from && there !== from ? [there] : [];
  });
  const { y } = places[order[position]!]!;
  const distances = next.map((id) => Math.abs(places[nodes.findIndex((node) => node.id === id)]!.y - y));
  return next[distances.indexOf(Math.min(...distances))] ?? from;
}
