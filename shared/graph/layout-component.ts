import { type EdgeLabel, Graph, type GraphLabel, layout, type NodeLabel } from '@dagrejs/dagre';
import type { CssPixels } from '../units.ts';
import type { NodePlace } from './holder-graph.ts';
import type { LayoutRequest } from './layout-graph.ts';
import { orderLayers } from './order-layers.ts';

const NODE_WIDTH: CssPixels = 184;
export const NODE_HEIGHT: CssPixels = 40;
const GAP_ACROSS: CssPixels = 14;
/** Between columns; a call site has to fit on an arrow. */
const GAP_ALONG: CssPixels = 160;

/** A part of the graph that hangs together, from its own upper left corner. */
export interface ComponentLayout {
  readonly width: CssPixels;
  readonly height: CssPixels;
  readonly places: ReadonlyMap<number, NodePlace>;
  routeOf(from: number, to: number): readonly CssPixels[];
}

/**
 * Lays out one part in columns.
 *
 * All nodes are equally large, so that columns are straight and an arrow passes between two nodes, never over one:
 * ```
 * ┌──────┐ ╭─────────────────╮ ┌──────┐
 * │ task │─╯     level here  ╰▶│ drm  │
 * └──────┘        ┌──────┐     └──────┘
 *                 │ vkms │
 *                 └──────┘
 * ```
 * @param before where those lie that were in the picture already: in their column they keep their order where they can
 */
export function layoutComponent(
  { vertices, links }: LayoutRequest,
  before: ReadonlyMap<number, NodePlace> = new Map(),
): ComponentLayout {
  const graph = new Graph<GraphLabel, NodeLabel, EdgeLabel>();
  // Network simplex, the default, takes seconds above some 300 nodes.
  graph.setGraph({ rankdir: 'LR', ranker: 'tight-tree', nodesep: GAP_ACROSS, edgesep: GAP_ACROSS, ranksep: GAP_ALONG });
  for (const vertex of vertices) graph.setNode(String(vertex), { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const { from, to } of links) if (from !== to) graph.setEdge(String(from), String(to), {});
  // Dagre's own way to the same takes nearly half of all the time.
  const heights = wantedHeights({ vertices, links }, before);
  layout(graph, { customOrder: (whole) => putInOrder(whole, (name) => heights.get(Number(name))) });

  const places = new Map<number, NodePlace>();
  for (const vertex of vertices) {
    const { x = 0, y = 0 } = graph.node(String(vertex));
    const [left, top] = [Math.round(x - NODE_WIDTH / 2), Math.round(y - NODE_HEIGHT / 2)];
    places.set(vertex, { x: left, y: top, width: NODE_WIDTH, height: NODE_HEIGHT });
  }
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    places,
    routeOf: (from, to) => {
      const source = places.get(from)!;
      const target = places.get(to)!;
      if (from === to) return loopOf(source);
      const { points = [] } = graph.edge(String(from), String(to));
      return routeThrough(source, target, points.slice(1, -1));
    },
  };
}

/** Who was there stays as far down as he was; who is new comes below those that hold the same, or are held by the same. */
function wantedHeights(
  { vertices, links }: LayoutRequest,
  before: ReadonlyMap<number, NodePlace>,
): ReadonlyMap<number, CssPixels> {
  if (before.size === 0) return new Map();
  // −1 for none: the margin keeps every place below that.
  const lowest = (of: 'from' | 'to', by: 'from' | 'to') => {
    const heights = new Map<number, CssPixels>();
    for (const link of links)
      heights.set(link[by], Math.max(heights.get(link[by]) ?? -1, before.get(link[of])?.y ?? -1));
    return heights;
  };
  const lowestHolder = lowest('from', 'to');
  const lowestHeld = lowest('to', 'from');
  const heights = new Map<number, CssPixels>();
  for (const vertex of vertices) heights.set(vertex, before.get(vertex)?.y ?? -1);
  for (const { from, to } of links) {
    if (!before.has(from)) heights.set(from, Math.max(heights.get(from)!, lowestHolder.get(to)! + 1));
    if (!before.has(to)) heights.set(to, Math.max(heights.get(to)!, lowestHeld.get(from)! + 1));
  }
  return new Map([...heights].filter(([, height]) => height > 0));
}

/** Gives every vertex, those that dagre puts where a long link crosses a column included, its place in its column. */
function putInOrder(
  graph: Graph<GraphLabel, NodeLabel, EdgeLabel>,
  heightOf: (name: string) => CssPixels | undefined,
): void {
  const names = graph.nodes();
  const vertexOf = new Map(names.map((name, vertex) => [name, vertex]));
  const layerOf = Int32Array.from(names, (name) => graph.node(name).rank ?? 0);
  const links = graph.edges().map(({ v, w }) => ({ from: vertexOf.get(v)!, to: vertexOf.get(w)! }));
  const places = orderLayers({ layerOf, links, heightOf: names.map(heightOf) });
  for (const [vertex, name] of names.entries()) graph.node(name).order = places[vertex]!;
}

/** Through the columns that a long link crosses it goes level, and bends only in the gaps between them. */
function routeThrough(
  source: NodePlace,
  target: NodePlace,
  bends: readonly { readonly x: CssPixels; readonly y: CssPixels }[],
): CssPixels[] {
  const forwards = target.x >= source.x;
  const half = ((forwards ? 1 : -1) * NODE_WIDTH) / 2;
  const route = [forwards ? source.x + source.width : source.x, source.y + source.height / 2];
  for (const { x, y } of bends) {
    const column = (x - source.x - NODE_WIDTH / 2) / (NODE_WIDTH + GAP_ALONG);
    // Between two columns there is nothing to pass by, and a bend there would only make the line wavy.
    if (Math.abs(column - Math.round(column)) > 0.25) continue;
    route.push(Math.round(x - half), Math.round(y), Math.round(x + half), Math.round(y));
  }
  route.push(forwards ? target.x : target.x + target.width, target.y + target.height / 2);
  return route;
}

/** A module that holds itself: out at its right side, and back over its top. */
function loopOf({ x, y, width, height }: NodePlace): CssPixels[] {
  const right = x + width;
  return [right, y + height / 2, right + 22, y - 6, right - 20, y];
}
