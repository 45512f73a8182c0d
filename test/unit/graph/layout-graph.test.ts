import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { curveThrough } from '../../../shared/graph/draw-edge.ts';
import { type LayoutRequest, layoutGraph } from '../../../shared/graph/layout-graph.ts';

/** As real ones are: most modules use a few that were loaded before, and two thirds of all nodes are modules. */
function makeRequest(nodes: number, seed = 7): LayoutRequest {
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state % below;
  };
  const modules = Math.round(nodes * 0.65);
  const links = new Map<string, { from: number; to: number }>();
  for (let from = 1; from < nodes; from++) {
    const count = 1 + (random(10) < 3 ? 1 : 0);
    for (let i = 0; i < count; i++) {
      const to = from < modules ? Math.max(0, from - 1 - random(12)) : random(modules);
      links.set(`${from} ${to}`, { from, to });
    }
  }
  return { vertices: Array.from({ length: nodes }, (_, vertex) => vertex), links: [...links.values()] };
}

const anyRequest = fc
  .record({
    count: fc.integer({ min: 1, max: 24 }),
    pairs: fc.array(fc.tuple(fc.nat(23), fc.nat(23)), { maxLength: 40 }),
  })
  .map(({ count, pairs }): LayoutRequest => {
    const links = new Map(
      pairs
        .map(([from, to]) => ({ from: from % count, to: to % count }))
        .map((link) => [`${link.from} ${link.to}`, link] as const),
    );
    return { vertices: Array.from({ length: count }, (_, vertex) => vertex), links: [...links.values()] };
  });

describe('whatever the graph, cycles and all', () => {
  test('every node has its own room inside the picture', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const layout = layoutGraph(request);
        const places = request.vertices.map((vertex) => layout.placeOf.get(vertex)!);
        for (const [i, a] of places.entries()) {
          expect(a.x).toBeGreaterThanOrEqual(0);
          expect(a.y).toBeGreaterThanOrEqual(0);
          expect(a.x + a.width).toBeLessThanOrEqual(layout.width);
          expect(a.y + a.height).toBeLessThanOrEqual(layout.height);
          for (const b of places.slice(0, i))
            expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(
              true,
            );
        }
      }),
    );
  });

  test('no arrow runs over a node that it has nothing to do with', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const { placeOf, routeOf } = layoutGraph(request);
        for (const { from, to } of request.links) {
          if (from === to) continue;
          const points = curveThrough(routeOf(from, to));
          for (let i = 0; i < points.length; i += 2) {
            for (const [vertex, { x, y, width, height }] of placeOf) {
              if (vertex === from || vertex === to) continue;
              const inside =
                points[i]! > x && points[i]! < x + width && points[i + 1]! > y && points[i + 1]! < y + height;
              expect(inside).toBe(false);
            }
          }
        }
      }),
    );
  });

  test('the same graph is laid out the same', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const [once, again] = [layoutGraph(request), layoutGraph(request)];
        expect([...again.placeOf]).toEqual([...once.placeOf]);
        for (const { from, to } of request.links) expect(again.routeOf(from, to)).toEqual(once.routeOf(from, to));
      }),
      { numRuns: 25 },
    );
  });
});

test('parts that have nothing to do with each other stand side by side, wider than high', () => {
  const vertices = Array.from({ length: 40 }, (_, vertex) => vertex);
  const links = vertices.filter((vertex) => vertex % 2 === 0).map((from) => ({ from, to: from + 1 }));
  const { width, height } = layoutGraph({ vertices, links });
  expect(width / height).toBeGreaterThan(1);
  expect(width / height).toBeLessThan(4);
});

test('an empty graph takes no room', () => {
  expect(layoutGraph({ vertices: [], links: [] })).toMatchObject({ width: 0, height: 0 });
});

test('300 nodes are laid out within 400 ms', () => {
  const request = makeRequest(300);
  // The time of this process alone, and the best of a few: other programs run on the machine too.
  const durations = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage();
    layoutGraph(request);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  expect(Math.min(...durations)).toBeLessThan(400);
}, 30_000);
