import { expect, test } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { MOST_SEATS } from '../../../shared/graph/choose-neighbourhood.ts';
import { createHolderGraphs } from '../../../shared/graph/create-holder-graphs.ts';
import { type GraphQuery, moduleNodeId } from '../../../shared/graph/holder-graph.ts';
import { makeTable } from '../../support/make-table.ts';

/** Modules in a row, each using the one before, and each held by so many tasks of different names. */
function openRow(modules: number, tasks: number) {
  const lines: string[] = [];
  const references: number[] = [];
  let time = 0;
  for (let module = 0; module < modules; module++) {
    references[module] = 1;
    if (module > 0) {
      references[module - 1]! += 1;
      lines.push(`${++time} modprobe-1 get m${module - 1} resolve_symbol ${references[module - 1]}`);
    }
    lines.push(`${++time} modprobe-1 load m${module}`, `${++time} modprobe-1 put m${module} do_init_module 1`);
  }
  for (let module = 0; module < modules; module++) {
    for (let task = 0; task < tasks; task++) {
      references[module]! += 1;
      lines.push(
        `${++time} t${module}x${task}-${100 + module * tasks + task} get m${module} misc_open ${references[module]}`,
      );
    }
  }
  const graphs = createHolderGraphs(analyse(makeTable(lines.join('\n'))));
  return (query: Partial<GraphQuery>) =>
    graphs.at({ time, ended: false, centre: undefined, hops: 'auto', expanded: [], ...query });
}

test('a small graph is shown whole, with or without a centre', () => {
  const ask = openRow(5, 2);
  expect(ask({})).toMatchObject({ hops: undefined, notShown: 0 });
  expect(ask({ centre: moduleNodeId('m2') })).toMatchObject({ hops: undefined, notShown: 0 });
});

test('of a larger one, what fits around the centre; all of it when that is asked for', () => {
  const ask = openRow(60, 2);
  const around = ask({ centre: moduleNodeId('m30') });
  // Eight modules to each side have their tasks within so many hops: 3 × 15 + 2 nodes, and one hop more is too much.
  expect(around).toMatchObject({ hops: 8, notShown: 180 - around.nodes.length });
  expect(around.nodes.length).toBeLessThanOrEqual(48);
  expect(ask({ centre: moduleNodeId('m30'), hops: 'all' })).toMatchObject({ hops: undefined, notShown: 0 });
  expect(ask({ centre: moduleNodeId('m30'), hops: 1 }).nodes).toHaveLength(5);
});

test('everything is never more than can be laid out in time', () => {
  const ask = openRow(300, 1);
  const around = ask({ centre: moduleNodeId('m150'), hops: 'all' });
  expect(around.nodes.length).toBeLessThanOrEqual(MOST_SEATS);
  expect(around.nodes.length + around.notShown).toBe(600);
  expect(around.hops).toBeGreaterThan(10);
});

test('too much and no centre: nothing is shown, and how much it would be', () => {
  expect(openRow(300, 1)({ hops: 'all' })).toMatchObject({ nodes: [], edges: [], hops: 0, notShown: 600 });
});

test('a module with too many neighbours keeps as many as there is room for', () => {
  const ask = openRow(1, 500);
  const around = ask({ centre: moduleNodeId('m0') });
  expect(around.nodes).toHaveLength(MOST_SEATS);
  expect(around).toMatchObject({ hops: 1, notShown: 101 });
});
