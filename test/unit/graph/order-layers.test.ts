import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orderLayers } from '../../../shared/graph/order-layers.ts';

const layered = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 }).chain((sizes) => {
  const layerOf = sizes.flatMap((size, layer) => Array.from({ length: size }, () => layer));
  const pairs = layerOf.flatMap((layer, from) =>
    layerOf.flatMap((other, to) => (other === layer + 1 ? [{ from, to }] : [])),
  );
  return fc.subarray(pairs).map((links) => ({ layerOf: Int32Array.from(layerOf), links }));
});

/** Two links of one gap cross when one begins above the other and ends below it. */
function crossingsOf(links: readonly { from: number; to: number }[], layerOf: Int32Array, placeOf: ArrayLike<number>) {
  let crossings = 0;
  for (const [i, a] of links.entries())
    for (const b of links.slice(i + 1))
      if (layerOf[a.from] === layerOf[b.from])
        crossings += Number((placeOf[a.from]! - placeOf[b.from]!) * (placeOf[a.to]! - placeOf[b.to]!) < 0);
  return crossings;
}

describe('the order in which the nodes of a column stand', () => {
  test('gives each its own place', () => {
    fc.assert(
      fc.property(layered, ({ layerOf, links }) => {
        const places = orderLayers({ layerOf, links });
        const taken = [...places].map((place, vertex) => `${layerOf[vertex]} ${place}`);
        expect(new Set(taken).size).toBe(taken.length);
        for (const [vertex, place] of places.entries())
          expect(place).toBeLessThan(layerOf.filter((layer) => layer === layerOf[vertex]).length);
      }),
    );
  });

  test('lets no links cross where a tree hangs together', () => {
    // 0 → 3 4, 1 → 5, 2 → 6 7, written down in the worst order.
    const layerOf = Int32Array.of(0, 0, 0, 1, 1, 1, 1, 1);
    const links = [
      { from: 2, to: 3 },
      { from: 0, to: 7 },
      { from: 1, to: 5 },
      { from: 2, to: 4 },
      { from: 0, to: 6 },
    ];
    expect(crossingsOf(links, layerOf, orderLayers({ layerOf, links }))).toBe(0);
  });

  test('has, of two columns, about as few crossings as there can be', () => {
    const all = (items: readonly number[]): number[][] =>
      items.length < 2
        ? [[...items]]
        : items.flatMap((one) => all(items.filter((other) => other !== one)).map((rest) => [one, ...rest]));
    const pairs = [0, 1, 2, 3].flatMap((from) => [4, 5, 6, 7].map((to) => ({ from, to })));
    const layerOf = Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1);
    const orders = all([0, 1, 2, 3]);
    let [found, fewest] = [0, 0];
    fc.assert(
      fc.property(fc.subarray(pairs, { minLength: 4 }), (links) => {
        const least = orders.flatMap((left) => orders.map((right) => crossingsOf(links, layerOf, [...left, ...right])));
        found += crossingsOf(links, layerOf, orderLayers({ layerOf, links }));
        fewest += Math.min(...least);
      }),
      { numRuns: 40, seed: 7 },
    );
    expect(found).toBeLessThanOrEqual(fewest * 1.25);
  });
});
