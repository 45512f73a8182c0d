import type { CssPixels } from '../units.ts';
import type { Colour, DisplayItem, DisplayList, MeasureText } from '../view-model/display-list.ts';
import { drawEdge, type EdgeLabelling } from './draw-edge.ts';
import { drawNode } from './draw-node.ts';
import type { GraphPicture } from './holder-graph.ts';

/** All that the look of a graph depends on beside the graph. */
export interface GraphScene {
  /** Ids of nodes or edges. */
  readonly selected: ReadonlySet<string>;
  readonly measureText: MeasureText;
}

/** A rectangle of the picture. */
export interface GraphExtent {
  readonly x: CssPixels;
  readonly y: CssPixels;
  readonly width: CssPixels;
  readonly height: CssPixels;
}

/** More arrows than this have no text, or it would be all that one sees; whoever points at one is still told. */
const MOST_LABELLED = 60;

const MARGIN: CssPixels = 24;

/** The graph at one time as a display list, cut to what is there: what the screen shows, for a file. */
export function drawGraph(picture: GraphPicture, scene: GraphScene): DisplayList {
  const extent = extentOf(picture);
  const items: DisplayItem[] = [];
  const add = (list: readonly DisplayItem[], x: CssPixels, y: CssPixels) => {
    for (const item of list) items.push(moveItem(item, x - extent.x, y - extent.y));
  };
  const labelling = labelEdges(picture);
  for (const [i, edge] of picture.edges.entries()) add(drawEdge(edge, picture.routes[i]!, scene, labelling[i]!), 0, 0);
  for (const [i, node] of picture.nodes.entries()) {
    const place = picture.places[i]!;
    add(drawNode(node, place, scene), place.x, place.y);
  }
  const { width, height } = extent;
  return {
    width,
    height,
    items: [{ kind: 'rect', x: 0, y: 0, width, height, colour: 'background' satisfies Colour }, ...items],
  };
}

/**
 * Where the texts of the arrows go.
 *
 * @param lit id of a node whose arrows have their texts however many arrows there are
 */
export function labelEdges({ edges }: GraphPicture, lit?: string): EdgeLabelling[] {
  const outgoing = new Map<string, number>();
  const incoming = new Map<string, number>();
  for (const { from, to } of edges) {
    outgoing.set(from, (outgoing.get(from) ?? 0) + 1);
    incoming.set(to, (incoming.get(to) ?? 0) + 1);
  }
  return edges.map(({ from, to, isLink }) => {
    // That a module uses another is what an arrow between modules says by itself.
    if (isLink || from === to) return 'none';
    if (edges.length > MOST_LABELLED && from !== lit && to !== lit) return 'none';
    return outgoing.get(from)! > incoming.get(to)! ? 'near-target' : 'near-source';
  });
}

/** What the nodes and arrows of one time take, with some air; an empty graph takes a small empty picture. */
export function extentOf({ places, routes }: GraphPicture): GraphExtent {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  const include = (x: number, y: number) => {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  };
  for (const { x, y, width, height } of places) {
    include(x, y);
    include(x + width, y + height);
  }
  for (const route of routes) for (let i = 0; i < route.length; i += 2) include(route[i]!, route[i + 1]!);
  if (left > right) return { x: 0, y: 0, width: 2 * MARGIN, height: 2 * MARGIN };
  return { x: left - MARGIN, y: top - MARGIN, width: right - left + 2 * MARGIN, height: bottom - top + 2 * MARGIN };
}

function moveItem(item: DisplayItem, dx: CssPixels, dy: CssPixels): DisplayItem {
  if (item.kind === 'polyline' || item.kind === 'polygon')
    return { ...item, points: item.points.map((value, i) => value + (i % 2 === 0 ? dx : dy)) };
  return { ...item, x: item.x + dx, y: item.y + dy };
}
