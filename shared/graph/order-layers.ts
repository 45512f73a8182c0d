/** A graph in layers: every link leads from one layer to the next. */
export interface LayeredGraph {
  /** Per vertex. */
  readonly layerOf: Int32Array;
  readonly links: readonly { readonly from: number; readonly to: number }[];
  /** Per vertex how far down it is wanted; undefined where it does not matter. */
  readonly heightOf?: readonly (number | undefined)[];
}

/** Sweeps without a better picture until it is left as it is. */
const PATIENCE = 4;

/**
 * Puts the vertices of each layer in an order in which few links cross: each vertex goes to the middle of those that it
 * is linked to in the layer before, then in the layer behind, and so on to and fro; the best of all orders is kept, and of
 * equally good ones the one that is wanted.
 *
 * Shape: per vertex its place in its layer.
 * Source: Sugiyama, Tagawa, Toda: Methods for Visual Understanding of Hierarchical System Structures, 1981
 */
export function orderLayers({ layerOf, links, heightOf = [] }: LayeredGraph): Int32Array {
  const before = collectNeighbours(layerOf.length, links, ({ from, to }) => [to, from]);
  const behind = collectNeighbours(layerOf.length, links, ({ from, to }) => [from, to]);
  const layers = firstOrder(layerOf, behind);
  if (heightOf.some((height) => height !== undefined)) orderByHeight(layers, heightOf, before, behind);
  const placeOf = new Int32Array(layerOf.length);
  const put = (layer: readonly number[]) => {
    for (let place = 0; place < layer.length; place++) placeOf[layer[place]!] = place;
  };
  layers.forEach(put);

  let best = placeOf.slice();
  let fewest = countCrossings(layers, behind, placeOf);
  for (let sweep = 0, idle = 0; idle < PATIENCE && fewest > 0; sweep++, idle++) {
    const isDown = sweep % 2 === 0;
    const neighbours = isDown ? before : behind;
    // Of those with the same middle, now the left and now the right one comes first.
    const tie = sweep % 4 < 2 ? 1 : -1;
    for (let i = 1; i < layers.length; i++) {
      const layer = layers[isDown ? i : layers.length - 1 - i]!;
      const middles = new Map(layer.map((vertex) => [vertex, middleOf(vertex, neighbours[vertex]!, placeOf)]));
      layer.sort((a, b) => middles.get(a)! - middles.get(b)! || tie * (placeOf[a]! - placeOf[b]!));
      put(layer);
    }
    const crossings = countCrossings(layers, behind, placeOf);
    if (crossings >= fewest) continue;
    fewest = crossings;
    best = placeOf.slice();
    idle = -1;
  }
  return best;
}

/** How many pairs of links cross where the vertices stand so. */
function countCrossings(
  layers: readonly (readonly number[])[],
  behind: readonly (readonly number[])[],
  placeOf: Int32Array,
): number {
  let crossings = 0;
  for (let i = 0; i + 1 < layers.length; i++) {
    const ends = layers[i]!.flatMap((vertex) => behind[vertex]!.map((end) => placeOf[end]!).sort((a, b) => a - b));
    crossings += countInversions(ends, layers[i + 1]!.length);
  }
  return crossings;
}

/** Pairs of which the greater one comes first. A Fenwick tree has counted those seen up to each value. */
function countInversions(values: readonly number[], below: number): number {
  const tree = new Int32Array(below + 1);
  let inversions = 0;
  values.forEach((value, seen) => {
    let notAbove = 0;
    for (let node = value + 1; node > 0; node -= node & -node) notAbove += tree[node]!;
    inversions += seen - notAbove;
    for (let node = value + 1; node <= below; node += node & -node) tree[node]!++;
  });
  return inversions;
}

/** What hangs together stands together from the start. */
function firstOrder(layerOf: Int32Array, behind: readonly (readonly number[])[]): number[][] {
  const layers: number[][] = Array.from(
    { length: layerOf.reduce((most, layer) => Math.max(most, layer + 1), 0) },
    () => [],
  );
  const seen = new Uint8Array(layerOf.length);
  const roots = [...layerOf.keys()].sort((a, b) => layerOf[a]! - layerOf[b]! || a - b);
  for (const root of roots) {
    const waiting = [root];
    while (waiting.length > 0) {
      const vertex = waiting.pop()!;
      if (seen[vertex] === 1) continue;
      seen[vertex] = 1;
      layers[layerOf[vertex]!]!.push(vertex);
      for (let i = behind[vertex]!.length - 1; i >= 0; i--) waiting.push(behind[vertex]![i]!);
    }
  }
  return layers;
}

/** Who has a height goes by it; whoever has none, at the middle of those that he is linked to. */
function orderByHeight(
  layers: readonly number[][],
  heightOf: readonly (number | undefined)[],
  before: readonly (readonly number[])[],
  behind: readonly (readonly number[])[],
): void {
  const heights = [...heightOf];
  let unknown = [...heights.keys()].filter((vertex) => heights[vertex] === undefined);
  for (let left = -1; left !== unknown.length; ) {
    left = unknown.length;
    const found = unknown.map((vertex) => {
      const linked = [...before[vertex]!, ...behind[vertex]!].flatMap((end) => heights[end] ?? []);
      return linked.length === 0 ? undefined : linked.reduce((sum, height) => sum + height, 0) / linked.length;
    });
    unknown.forEach((vertex, i) => {
      heights[vertex] = found[i];
    });
    unknown = unknown.filter((vertex) => heights[vertex] === undefined);
  }
  for (const layer of layers) layer.sort((a, b) => heights[a]! - heights[b]! || 0);
}

function collectNeighbours(
  vertices: number,
  links: LayeredGraph['links'],
  endsOf: (link: LayeredGraph['links'][number]) => readonly [of: number, neighbour: number],
): readonly (readonly number[])[] {
  const neighbours: number[][] = Array.from({ length: vertices }, () => []);
  for (const link of links) {
    const [of, neighbour] = endsOf(link);
    neighbours[of]!.push(neighbour);
  }
  return neighbours;
}

/** Who is linked to nobody there stays where it is. */
function middleOf(vertex: number, neighbours: readonly number[], placeOf: Int32Array): number {
  if (neighbours.length === 0) return placeOf[vertex]!;
  return neighbours.reduce((sum, neighbour) => sum + placeOf[neighbour]!, 0) / neighbours.length;
}
