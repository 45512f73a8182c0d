import { remember } from '../view-model/remember.ts';
import type { NodePlace } from './holder-graph.ts';
import { type GraphLayout, layoutGraph } from './layout-graph.ts';

/** What is laid out, by name; each link once. */
export interface NamedGraph {
  readonly ids: readonly string[];
  /** Places in `ids`. */
  readonly links: readonly { readonly from: number; readonly to: number }[];
}

/** A layout of places in `ids`, and a number that no other layout has. */
export interface KeptLayout extends GraphLayout {
  readonly layout: number;
}

export type LayoutKeeper = (graph: NamedGraph) => KeptLayout;

/** Cursor and selection go to and fro between a few pictures. */
const MOST_KEPT = 8;

/**
 * Lays out one graph after the other of a system that changes: the same names and links have the same layout, and who
 * stays from one layout to the next stays in the order that he was in.
 */
export function createLayoutKeeper(): LayoutKeeper {
  let layouts = 0;
  let before: ReadonlyMap<string, NodePlace> = new Map();
  const layoutOf = remember(MOST_KEPT, (key: string): KeptLayout => {
    const { ids, links } = JSON.parse(key) as NamedGraph;
    const vertexOf = new Map(ids.map((id, vertex) => [id, vertex]));
    const known = [...before].flatMap(([id, place]): [number, NodePlace][] => {
      const vertex = vertexOf.get(id);
      return vertex === undefined ? [] : [[vertex, place]];
    });
    const made = layoutGraph({ vertices: [...ids.keys()], links }, new Map(known));
    before = new Map([...made.placeOf].map(([vertex, place]) => [ids[vertex]!, place]));
    return { layout: layouts++, ...made };
  });
  return (graph) => layoutOf(JSON.stringify({ ids: graph.ids, links: graph.links }));
}
