import { describe, expect, test } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { createRecordingView } from '../../../shared/view-model/create-recording-view.ts';
import { readFixture, recordingOf } from '../../support/read-fixture.ts';

function open(path: string) {
  const recording = recordingOf(readFixture(`recordings/${path}`));
  return createRecordingView(path, recording, analyse(recording.table));
}

describe('the vkms recording through a filter', () => {
  const view = open('seeds/vkms-held-by-logind.report.txt');
  const { end, modules } = view.summary();
  const logind = { text: 'task:systemd-logind', modules: [] };
  const names = modules.map(({ module }) => module);
  const spansOf = (text: string) =>
    view
      .tracks({ modules: names, from: 0, to: end, width: 1000, maxLanes: 8, filter: { text, modules: [] } })
      .flatMap(({ module, spans }) => spans.map(({ label }) => `${module}: ${label}`));
  const graphOf = (text: string, ended = false) => {
    const query = { time: end, ended, centre: undefined, hops: 'all', expanded: [] } as const;
    const { nodes, edges } = view.holderGraph(query, { text, modules: [] });
    return { nodes: nodes.map(({ name }) => name).sort(), edges: edges.map(({ id }) => id).sort() };
  };

  test('has the events, modules and holds that pass, and no others', () => {
    expect(view.eventCount(logind)).toBe(4);
    expect(view.modulesPassing(logind)).toEqual(['drm', 'vkms']);
    expect(spansOf(logind.text).sort()).toEqual(['drm: systemd-logind-545', 'vkms: systemd-logind-545']);
  });

  test('is counted as what passes, in the overview and in the statistics', () => {
    const seen = (text: string) => {
      const { columns } = view.overview(100, { text, modules: [] });
      return [columns.reduce((sum, { events }) => sum + events, 0), Math.max(...columns.map(({ open }) => open))];
    };
    expect(seen(logind.text)).toEqual([4, 2]);
    expect(seen('')[0]).toBe(26);
    const counted = view.statistics({ from: 0, to: end, modules: [], bins: 10, top: 10 }, logind);
    expect([counted.gets, counted.puts, counted.rate.reduce((sum, { gets }) => sum + gets, 0)]).toEqual([3, 1, 3]);
    expect(counted.holders.map(({ label }) => label)).toEqual(['systemd-logind-545']);
    const change = view.change({ a: 0, b: end, modules: [], top: 10 }, logind);
    expect(change.holders.map(({ label, gets, puts, net }) => [label, gets, puts, net])).toEqual([
      ['systemd-logind-545', 3, 1, 2],
    ]);
  });

  test('keeps a hold of which the put alone passes', () => {
    expect(spansOf('event:put module:vkms')).toEqual(['vkms: modprobe-1687 (loading)']);
  });

  test('has an arrow for every holder that passes, and nobody else at its ends', () => {
    expect(graphOf(logind.text)).toEqual({
      nodes: ['drm', 'systemd-logind', 'vkms'],
      edges: ['task 545 systemd-logind → module drm', 'task 545 systemd-logind → module vkms'],
    });
    expect(graphOf('event:free')).toEqual({ nodes: [], edges: [] });
    expect(graphOf('').nodes).toContain('drm_kms_helper');
  });

  test('says the same of a step line, whatever passes', () => {
    const query = { modules: ['drm'], from: 0, to: end, width: 1000, maxLanes: 8 };
    const [all] = view.tracks(query);
    const [some] = view.tracks({ ...query, filter: logind });
    expect(some!.steps).toEqual(all!.steps);
  });

  test('lets everything pass where it asks for nothing, or nothing of it is understood', () => {
    expect(view.modulesPassing({ text: ' ', modules: [] })).toBeUndefined();
    expect(view.modulesPassing({ text: 'modul:drm', modules: [] })).toBeUndefined();
    expect(view.eventCount({ text: 'modul:drm', modules: [] })).toBe(26);
  });

  test('keeps to the modules that are asked for, by their exact names', () => {
    expect(view.eventCount({ text: '', modules: ['vkms'] })).toBe(3);
    expect(view.eventCount({ text: 'event:get', modules: ['vkms'] })).toBe(1);
    expect(view.eventCount({ text: '', modules: ['VKMS'] })).toBe(0);
  });

  test('is searched for hits, from row to row and round', () => {
    const search = { text: 'module:drm', search: 'event:get' };
    const { count } = view.hits(search, undefined);
    const first = view.nextHit(search, { row: undefined, time: -1 }, 1)!;
    expect(first).toMatchObject({ module: 'drm', event: 'get', line: 12 });
    expect(view.hits(search, first.row)).toEqual({ count, place: 0 });
    let hit = first;
    const lines = Array.from({ length: count }, () => {
      const { line, row, time } = hit;
      hit = view.nextHit(search, { row, time }, 1)!;
      return line;
    });
    expect(hit.row).toBe(first.row);
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
    expect(view.nextHit(search, { row: first.row, time: first.time }, -1)!.line).toBe(lines.at(-1));
    expect(view.nextHit(search, { row: undefined, time: end }, -1)!.line).toBe(lines.at(-1));
    expect(view.hitRows(search, [first.row, first.row + 1])).toEqual([first.row]);
    const scale = { from: 0, to: end + 1, width: 200 };
    const marks = view.hitMarks(search, scale);
    expect(marks.length).toBeGreaterThan(0);
    expect(marks.length).toBeLessThanOrEqual(count);
    expect(marks[0]).toBe(Math.floor((first.time / (end + 1)) * 200));
  });

  test('has no hit where nothing is searched for', () => {
    expect(view.hits({ text: '', search: ' ' }, 3)).toEqual({ count: 0, place: -1 });
    expect(view.nextHit({ text: '', search: '' }, { row: 0, time: 0 }, 1)).toBeUndefined();
    expect(view.hitMarks({ text: '', search: 'nosuch' }, { from: 0, to: end, width: 10 })).toEqual([]);
  });

  test('offers its own names at the caret', () => {
    expect(view.completions('task:', 5).map(({ label }) => label)).toEqual(['modprobe', 'systemd-logind']);
  });
});

describe('150,000 events of a storm', () => {
  const view = open('storm/live/trace_pipe.txt.gz');
  const { end, events } = view.summary();

  test('are hidden by its filter, and the hold from before the recording with its module', () => {
    const [storm] = view.storms();
    const filter = { text: storm!.filter, modules: [] };
    expect(storm).toMatchObject({ module: 'binfmt_misc', callSite: 'bprm_execve' });
    expect(view.eventCount(filter)).toBe(events - storm!.events);
    expect(view.modulesPassing(filter)).toEqual([]);
    const tracks = (text: string) =>
      view.tracks({
        modules: ['binfmt_misc'],
        from: 0,
        to: end,
        width: 900,
        maxLanes: 8,
        filter: { text, modules: [] },
      });
    expect(tracks('')[0]!.spans.map(({ label }) => label)).toEqual(['taken before the recording']);
    expect(tracks('event:get')[0]!.spans.map(({ label }) => label)).toEqual(['taken before the recording']);
    expect(tracks(storm!.filter)[0]!.spans).toEqual([]);
  });

  test('mark at most one hit a column of pixels', () => {
    const search = { text: '', search: 'event:get' };
    expect(view.hits(search, undefined).count).toBeGreaterThan(70_000);
    const marks = view.hitMarks(search, { from: 0, to: end, width: 300 });
    expect(marks.length).toBeLessThanOrEqual(300);
    expect(new Set(marks).size).toBe(marks.length);
  });
});
