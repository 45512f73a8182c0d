import type { CssPixels } from '../units.ts';
import type { NodePlace } from './holder-graph.ts';
import { layoutComponent, NODE_HEIGHT } from './layout-component.ts';
import { splitComponents } from './split-components.ts';

/** Vertices by number, and arrows between them, each pair once. */
export interface LayoutRequest {
  readonly vertices: readonly number[];
  readonly links: readonly { readonly from: number; readonly to: number }[];
}

/** Where everything lies. */
export interface GraphLayout {
  readonly width: CssPixels;
  readonly height: CssPixels;
  readonly placeOf: ReadonlyMap<number, NodePlace>;
  /** The way of a link: x, y, x, y … */
  routeOf(from: number, to: number): readonly CssPixels[];
}

const MARGIN: CssPixels = 24;
const GAP: CssPixels = 48;
/** Width by height that is aimed at: the graph is looked at in a wide, low region. */
const ASPECT = 2.2;

/**
 * Lays out holders → modules → modules that they use, from left to right. What hangs together is laid out by itself,
 * and the parts are then put on shelves, the highest first:
 * ```
 * ┌─────────┬────────┬──────┐
 * │ drm …   │ sound… │ …    │
 * ├───────┬─┴───┬────┴┬─────┘
 * │ …     │ …   │ …   │
 * ```
 * @param before where those lie that were in the picture already, in its order: they keep that
 */
export function layoutGraph(request: LayoutRequest, before: ReadonlyMap<number, NodePlace> = new Map()): GraphLayout {
  const orderOf = new Map([...before.keys()].map((vertex, order) => [vertex, order]));
  const parts = splitComponents(request).map((part) => ({
    part,
    order: Math.min(...part.vertices.map((vertex) => orderOf.get(vertex) ?? before.size)),
    ...layoutComponent(part, before),
  }));
  parts.sort((a, b) => a.order - b.order || b.height - a.height || b.width - a.width);
  const area = parts.reduce((sum, { width, height }) => sum + (width + GAP) * (height + GAP), 0);
  const shelf = Math.max(Math.sqrt(area * ASPECT), ...parts.map(({ width }) => width));

  const placeOf = new Map<number, NodePlace>();
  const routes = new Map<string, CssPixels[]>();
  let x = 0;
  let y = 0;
  let shelfHeight = 0;
  let width = 0;
  for (const { part, places, routeOf, ...size } of parts) {
    if (x > 0 && x + size.width > shelf) {
      x = 0;
      y += shelfHeight + GAP;
      shelfHeight = 0;
    }
    const [dx, dy] = [MARGIN + x, MARGIN + y];
    for (const [vertex, place] of places) placeOf.set(vertex, { ...place, x: place.x + dx, y: place.y + dy });
    for (const { from, to } of part.links)
      routes.set(
        `${from} ${to}`,
        routeOf(from, to).map((value, i) => value + (i % 2 === 0 ? dx : dy)),
      );
    x += size.width + GAP;
    shelfHeight = Math.max(shelfHeight, size.height, NODE_HEIGHT);
    width = Math.max(width, x - GAP);
  }
  if (parts.length === 0) return { width: 0, height: 0, placeOf, routeOf: () => [] };
  return {
    width: width + 2 * MARGIN,
    height: y + shelfHeight + 2 * MARGIN,
    placeOf,
    routeOf: (from, to) => routes.get(`${from} ${to}`) ?? [],
  };
}
