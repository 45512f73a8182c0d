import { describe, expect, test } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { standingsAt } from '../../../shared/analysis/standings-at.ts';
import { parseTime } from '../../../shared/event-table/clock.ts';
import { createHolderGraphs } from '../../../shared/graph/create-holder-graphs.ts';
import { captionEdge, captionNode, labelNode, periodOfEdge, writeGraph } from '../../../shared/graph/describe-graph.ts';
import { type GraphQuery, moduleNodeId } from '../../../shared/graph/holder-graph.ts';
import { makeTable } from '../../support/make-table.ts';
import { readFixture, recordingOf } from '../../support/read-fixture.ts';

function openGraphs(table: ReturnType<typeof makeTable>) {
  const analysis = analyse(table);
  const graphs = createHolderGraphs(analysis);
  const ask = (time: number, query: Partial<GraphQuery> = {}) =>
    graphs.at({ time, ended: false, centre: undefined, hops: 'all', expanded: [], ...query });
  const end = table.time[table.length - 1] ?? 0;
  return { analysis, table, ask, end, timeOf: (text: string) => parseTime(table.clock, text)! };
}

const openFixture = (path: string) => openGraphs(recordingOf(readFixture(`recordings/${path}`)).table);

describe('the vkms recording', () => {
  const { ask, end, timeOf, table } = openFixture('seeds/vkms-held-by-logind.report.txt');

  test('nothing holds anything while only libraries are loaded', () => {
    expect(ask(timeOf('102.118399')).edges).toEqual([]);
  });

  test('drm_kms_helper takes what it uses when it is loaded', () => {
    expect(writeGraph(ask(timeOf('102.150797')))).toEqual([
      'drm_kms_helper → drm · 1 via ref_module',
      'drm_kms_helper → fb_sys_fops · 1 via ref_module',
      'drm_kms_helper → syscopyarea · 1 via ref_module',
      'drm_kms_helper → sysfillrect · 1 via ref_module',
      'drm_kms_helper → sysimgblt · 1 via ref_module',
    ]);
  });

  test('at the end it says who holds vkms, and what vkms holds', () => {
    expect(writeGraph(ask(end))).toEqual([
      'drm_kms_helper → drm · 1 via ref_module',
      'drm_kms_helper → fb_sys_fops · 1 via ref_module',
      'drm_kms_helper → syscopyarea · 1 via ref_module',
      'drm_kms_helper → sysfillrect · 1 via ref_module',
      'drm_kms_helper → sysimgblt · 1 via ref_module',
      'systemd-logind-545 → drm · 1 via cdev_get',
      'systemd-logind-545 → vkms · 1 via drm_stub_open',
      'vkms → drm · 2 via ref_module, get_filesystem',
      'vkms → drm_kms_helper · 1 via ref_module',
    ]);
  });

  test('an arrow says since when and how surely', () => {
    const edge = ask(end).edges.find(({ from, to }) => from.includes('logind') && to === moduleNodeId('vkms'))!;
    expect(captionEdge(edge)).toBe('1 via drm_stub_open');
    expect(periodOfEdge(edge, table.clock)).toBe('since 102.168297');
    expect(edge).toMatchObject({ confidence: 'high', references: 1, betweenModules: false });
    expect(edge.holds).toHaveLength(1);
  });

  test('holders stand left of what they hold, modules left of what they use', () => {
    const picture = ask(end);
    const xOf = new Map(picture.nodes.map(({ id }, i) => [id, picture.places[i]!.x]));
    for (const { from, to } of picture.edges) expect(xOf.get(from)).toBeLessThan(xOf.get(to)!);
  });

  test('while the loader has its reference, it is counted as passing', () => {
    const picture = ask(timeOf('102.149619'), { centre: moduleNodeId('drm_kms_helper') });
    const loading = picture.nodes.find(({ name }) => name === 'drm_kms_helper')!;
    expect(captionNode(loading)).toBe('1 reference, 1 passing');
  });

  test('the neighbourhood of the holder is what it holds', () => {
    const picture = ask(end, { centre: 'task 545 systemd-logind', hops: 1 });
    expect(picture.nodes.map(labelNode).sort()).toEqual(['drm', 'systemd-logind-545', 'vkms']);
    expect(picture).toMatchObject({ hops: 1, notShown: 5 });
  });

  test('the selected module is there even when nothing holds it', () => {
    const picture = ask(0, { centre: moduleNodeId('vkms') });
    expect(picture.nodes.map((node) => `${labelNode(node)}: ${captionNode(node)}`)).toEqual(['vkms: no references']);
  });
});

describe('what has ended', () => {
  const { ask } = openGraphs(
    makeTable(`
      100 insmod-7 load drm
      200 insmod-7 put drm do_init_module 1
      300 Xorg-9 get drm drm_open 2
      400 Xorg-9 put drm drm_release 1
      500 sway-8 get drm drm_open 2
    `),
  );

  test('is gone unless it is asked for', () => {
    expect(writeGraph(ask(400))).toEqual(['sway-8 → drm · 1 via drm_open']);
    expect(writeGraph(ask(250))).toEqual(['Xorg-9 → drm · 1 via drm_open']);
  });

  test('is there, and said to have ended, when it is asked for', () => {
    const picture = ask(400, { ended: true });
    expect(writeGraph(picture)).toEqual(['Xorg-9 → drm · ended, via drm_open', 'sway-8 → drm · 1 via drm_open']);
    expect(picture.nodes.find(({ name }) => name === 'Xorg')).toMatchObject({ ended: true });
    expect(picture.edges.find(({ references }) => references === 0)).toMatchObject({ since: 200, until: 300 });
  });

  test('what is still to come never is', () => {
    expect(writeGraph(ask(250, { ended: true }))).toEqual(['Xorg-9 → drm · 1 via drm_open']);
  });
});

describe('many tasks of one name', () => {
  const opens = Array.from({ length: 16 }, (_, i) => `${300 + i} udevd-${40 + i} get drm drm_open ${2 + i}`);
  const closes = Array.from({ length: 15 }, (_, i) => `${400 + i} udevd-${40 + i} put drm drm_release ${16 - i}`);
  const text = ['100 insmod-7 load drm', '200 insmod-7 put drm do_init_module 1', ...opens, ...closes].join('\n');
  const { ask } = openGraphs(makeTable(text));
  const told = (picture: ReturnType<typeof ask>) =>
    picture.nodes.filter(({ name }) => name === 'udevd').map((node) => `${labelNode(node)}: ${captionNode(node)}`);

  test('are one node that says how many, and which', () => {
    const picture = ask(250);
    expect(told(picture)).toEqual(['udevd × 16: tasks: 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51 …']);
    expect(writeGraph(picture)).toEqual(['udevd × 16 → drm · 16 via drm_open']);
  });

  test('that node stays when one of them is left, and takes its name', () => {
    expect(told(ask(314))).toEqual(['udevd-55: 1 of 16 tasks']);
    expect(ask(314).nodes.map(({ id }) => id)).toContain('tasks udevd');
  });

  test('are shown one by one when that is asked for', () => {
    expect(told(ask(250, { expanded: ['udevd'] }))).toHaveLength(16);
  });
});

test('what nobody is known to hold has a node of its own, one for each module', () => {
  const { ask } = openGraphs(
    makeTable(`
      100 cat-7 get snd snd_open 5
      200 cat-7 get drm drm_open 3
    `),
  );
  const picture = ask(100);
  expect(picture.nodes.filter(({ sort }) => sort === 'unexplained').map(labelNode)).toEqual([
    'before the recording',
    'before the recording',
  ]);
  expect(picture.nodes.filter(({ sort }) => sort === 'module').map(captionNode)).toEqual([
    '4 references, 3 unexplained',
    '2 references, 1 unexplained',
  ]);
  expect(writeGraph(picture)).toContain('before the recording → snd · 3 from before the recording');
});

describe.each([
  'vkms/live/trace_pipe.txt',
  'block/live/trace_pipe.txt',
  'tun/live/trace_pipe.txt',
  'observed/debian-6.1.0-56-tour.ftrace.txt',
])('in %s', (path) => {
  const { analysis, table, ask } = openFixture(path);
  const times = [...new Set(table.time)].filter((_, i, all) => i % Math.ceil(all.length / 80) === 0);

  test('the references of every module are what lsmod would have said, and its arrows and the passing ones add up', () => {
    for (const time of times) {
      const { nodes, edges } = ask(time);
      const lsmod = new Map(standingsAt(analysis, time).map((standing) => [standing.module, standing]));
      for (const { id, sort, name, references, passing, unexplained } of nodes) {
        if (sort !== 'module') continue;
        const standing = lsmod.get(name)!;
        const arrows = edges.filter(({ to }) => to === id).reduce((sum, edge) => sum + edge.references, 0);
        expect(references).toBe(arrows + passing);
        // An absent module that still holds is a forced unload or a loss; what it held is shown, what held it is gone.
        expect(`${name} ${references}`).toBe(`${name} ${standing.lsmod ?? 0}`);
        expect(unexplained).toBeLessThanOrEqual(standing.unexplained ?? 0);
      }
      expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
    }
  });

  test('no node moves while the cursor does', () => {
    for (const ended of [false, true]) {
      const seen = new Map<string, string>();
      for (const time of times) {
        const { nodes, places, layout } = ask(time, { ended });
        for (const [i, { id }] of nodes.entries()) {
          const place = `${layout}: ${places[i]!.x}, ${places[i]!.y}`;
          expect(seen.get(id) ?? place).toBe(place);
          seen.set(id, place);
        }
      }
    }
  });

  test('no two nodes of one time lie over each other', () => {
    for (const time of times) {
      const { places } = ask(time);
      const taken = new Set(places.map(({ x, y }) => `${x} ${y}`));
      expect(taken.size).toBe(places.length);
    }
  });
});
