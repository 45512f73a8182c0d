import type { LayoutRequest } from './layout-graph.ts';

/** Splits a graph into the parts that hang together, in order of their first vertex. */
export function splitComponents({ vertices, links }: LayoutRequest): LayoutRequest[] {
  const leader = new Map(vertices.map((vertex) => [vertex, vertex]));
  const find = (vertex: number): number => {
    let at = vertex;
    while (leader.get(at) !== at) {
      const above = leader.get(leader.get(at)!)!;
      leader.set(at, above);
      at = above;
    }
    return at;
  };
  for (const { from, to } of links) {
    const [a, b] = [find(from), find(to)];
    leader.set(Math.max(a, b), Math.min(a, b));
  }
  const parts = new Map<number, { vertices: number[]; links: LayoutRequest['links'][number][] }>();
  for (const vertex of vertices) {
    const part = parts.get(find(vertex));
    if (part === undefined) parts.set(find(vertex), { vertices: [vertex], links: [] });
    else part.vertices.push(vertex);
  }
  for (const link of links) parts.get(find(link.from))!.links.push(link);
  return [...parts.values()];
}
