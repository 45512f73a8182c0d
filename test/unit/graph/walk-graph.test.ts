import { expect, test } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { createHolderGraphs } from '../../../shared/graph/create-holder-graphs.ts';
import { labelNode } from '../../../shared/graph/describe-graph.ts';
import { type WalkDirection, walkGraph } from '../../../shared/graph/walk-graph.ts';
import { readFixture, recordingOf } from '../../support/read-fixture.ts';

const { table } = recordingOf(readFixture('recordings/seeds/vkms-held-by-logind.report.txt'));
const graphs = createHolderGraphs(analyse(table));
const picture = graphs.at({
  time: table.time[table.length - 1]!,
  ended: false,
  centre: undefined,
  hops: 'all',
  expanded: [],
});
const idOf = (label: string) => picture.nodes.find((node) => labelNode(node) === label)!.id;
const walk = (from: string, ...directions: WalkDirection[]) => {
  const to = directions.reduce((id, direction) => walkGraph(picture, id, direction), idOf(from));
  return labelNode(picture.nodes.find(({ id }) => id === to)!);
};

test('right follows an arrow to what is held, left goes back', () => {
  expect(walk('systemd-logind-545', 'right')).toBe('vkms');
  expect(walk('systemd-logind-545', 'right', 'right')).toBe('drm_kms_helper');
  expect(walk('vkms', 'left')).toBe('systemd-logind-545');
  expect(walk('systemd-logind-545', 'left')).toBe('systemd-logind-545');
  expect(walk('drm', 'right')).toBe('drm');
});

test('down reaches every node once, in the order of columns, and up goes the same way back', () => {
  const order = ['systemd-logind-545'];
  for (let i = 1; i < picture.nodes.length; i++) order.push(walk(order[i - 1]!, 'down'));
  expect(new Set(order).size).toBe(picture.nodes.length);
  expect(walk(order.at(-1)!, 'down')).toBe(order.at(-1));
  expect(walk(order.at(-1)!, ...order.slice(1).map((): WalkDirection => 'up'))).toBe(order[0]);
  expect([walk('vkms', 'first'), walk('vkms', 'last')]).toEqual([order[0], order.at(-1)]);
});

test('from a node that is gone the walk begins anew', () => {
  expect(walkGraph(picture, 'task 1 gone', 'right')).toBe(idOf('systemd-logind-545'));
});
