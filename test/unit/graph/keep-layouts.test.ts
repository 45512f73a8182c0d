import { describe, expect, test } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { labelNode } from '../../../shared/graph/describe-graph.ts';
import { type GraphPicture, moduleNodeId } from '../../../shared/graph/holder-graph.ts';
import { createLayoutKeeper } from '../../../shared/graph/keep-layouts.ts';
import { keepClaims } from '../../../shared/view-model/keep-claims.ts';
import { makeTable } from '../../support/make-table.ts';

/** A recording that grows line by line, and what its graph shows after each. */
function watch(...lines: readonly string[]): GraphPicture[] {
  let claims: ReturnType<typeof keepClaims> | undefined;
  return lines.map((_, i) => {
    const table = makeTable(lines.slice(0, i + 1).join('\n'));
    claims = keepClaims(analyse(table), claims);
    const time = table.time[table.length - 1]!;
    return claims.graphs.at({ time, ended: false, centre: undefined, hops: 'all', expanded: [] });
  });
}

/** Names from the top of the picture downwards, left column first. */
function fromTheTop({ nodes, places }: GraphPicture): string[] {
  return [...nodes.keys()]
    .sort((a, b) => places[a]!.x - places[b]!.x || places[a]!.y - places[b]!.y)
    .map((i) => labelNode(nodes[i]!));
}

describe('the graph of a recording that grows', () => {
  test('what is there stays in its order: a module that gets more holders does not change places with another', () => {
    const pictures = watch(
      '1 first-11 get tun chrdev_open 2',
      '2 second-12 get loop chrdev_open 2',
      '3 third-13 get loop chrdev_open 3',
      '4 fourth-14 get loop chrdev_open 4',
    );
    expect(pictures.map(fromTheTop)).toEqual([
      ['first-11', 'tun'],
      ['first-11', 'second-12', 'tun', 'loop'],
      ['first-11', 'second-12', 'third-13', 'tun', 'loop'],
      ['first-11', 'second-12', 'third-13', 'fourth-14', 'tun', 'loop'],
    ]);
  });

  test('has another layout only where somebody new is in it, so that the picture can be moved with it', () => {
    const [one, two, left, back] = watch(
      '1 first-11 get tun chrdev_open 2',
      '2 second-12 get loop chrdev_open 2',
      '3 second-12 put loop __fput 1',
      '4 second-12 get loop chrdev_open 2',
    );
    expect(two!.layout).not.toBe(one!.layout);
    expect(back!.layout).toBe(two!.layout);
    expect(left!.nodes.map(({ id }) => id)).toContain(moduleNodeId('tun'));
  });
});

test('where keeping the order would make arrows cross, it is given up', () => {
  const layoutOf = createLayoutKeeper();
  const ids = ['a', 'b', 'x', 'y'];
  const [a, b, x, y] = [0, 1, 2, 3];
  layoutOf({
    ids,
    links: [
      { from: a, to: x },
      { from: a, to: y },
      { from: b, to: y },
    ],
  });
  const crossed = layoutOf({
    ids,
    links: [
      { from: a, to: y },
      { from: b, to: x },
      { from: b, to: y },
    ],
  });
  const above = (one: number, other: number) => crossed.placeOf.get(one)!.y < crossed.placeOf.get(other)!.y;
  expect(above(a, b)).toBe(above(y, x));
});
