import { describe, expect, test } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { printTime } from '../../../shared/event-table/clock.ts';
import { createRecordingView } from '../../../shared/view-model/create-recording-view.ts';
import { ABSENT, type RecordingView } from '../../../shared/view-model/recording-view.ts';
import { readFixture, recordingOf } from '../../support/read-fixture.ts';

function open(path: string): RecordingView {
  const recording = recordingOf(readFixture(`recordings/${path}`));
  return createRecordingView(path, recording, analyse(recording.table));
}

/** The spans of some modules over the whole recording, as a person would read them off the window. */
function readSpans(view: RecordingView, modules: readonly string[]): string[] {
  const { clock, end } = view.summary();
  return view.tracks({ modules, from: 0, to: end, width: 1000, maxLanes: 8 }).flatMap(({ module, spans }) =>
    [...spans]
      .sort((a, b) => a.start - b.start)
      .map(({ label, callSite, start, end }) => {
        const from = start === Number.NEGATIVE_INFINITY ? 'before' : printTime(clock, start);
        const to = end === Number.POSITIVE_INFINITY ? 'open' : printTime(clock, end);
        return `${module}: ${label}${callSite === '' ? '' : ` via ${callSite}`}, ${from} – ${to}`;
      }),
  );
}

describe('the vkms recording that systemd-logind holds', () => {
  const view = open('seeds/vkms-held-by-logind.report.txt');
  const { end } = view.summary();
  const all = { text: '', modules: [] };

  test('has its modules, its end and no losses in the summary', () => {
    const summary = view.summary();
    expect(summary).toMatchObject({ events: 26, lostEvents: 0, lostAtLeast: false, refcounts: 'absolute' });
    expect(printTime(summary.clock, summary.end)).toBe('102.168298');
    expect(
      summary.modules.map(({ module, openHolds, maxReferences }) => `${module} ${openHolds} of ${maxReferences}`),
    ).toEqual([
      'drm 4 of 5',
      'drm_kms_helper 1 of 1',
      'fb_sys_fops 1 of 1',
      'syscopyarea 1 of 1',
      'sysfillrect 1 of 1',
      'sysimgblt 1 of 1',
      'vkms 1 of 1',
    ]);
  });

  test('shows who holds vkms and drm as spans, the loaders’ own references too', () => {
    expect(readSpans(view, ['vkms'])).toEqual([
      'vkms: modprobe-1687 (loading), 102.161679 – 102.163020',
      'vkms: systemd-logind-545 via drm_stub_open, 102.168297 – open',
    ]);
    expect(readSpans(view, ['drm'])).toEqual([
      'drm: modprobe-1687 (loading), 102.117198 – 102.118399',
      'drm: drm_kms_helper via ref_module, 102.145601 – open',
      'drm: vkms via ref_module, 102.160087 – open',
      'drm: vkms via get_filesystem, 102.161689 – open',
      'drm: systemd-logind-545 via cdev_get, 102.168295 – open',
    ]);
  });

  test('draws the references that lsmod would have shown', () => {
    const [vkms] = view.tracks({ modules: ['vkms'], from: 0, to: end, width: 1000, maxLanes: 8 });
    expect([...vkms!.steps.last]).toEqual([1, 0, 1]);
    expect(vkms!.steps.entry).toBeNaN();
    const [late] = view.tracks({ modules: ['vkms'], from: end - 100, to: end + 100, width: 1000, maxLanes: 8 });
    expect(late!.steps.entry).toBe(1);
    expect(late!.steps.last.length).toBe(0);
  });

  test('keeps a module’s height and scale wherever the window stands', () => {
    const pictures = [0, 0.3, 0.9].map((part) => {
      const from = end * part;
      return view.tracks({ modules: ['drm'], from, to: from + end / 50, width: 700, maxLanes: 3 })[0]!;
    });
    expect(pictures.map(({ lanes, maxReferences }) => [lanes, maxReferences])).toEqual([
      [3, 5],
      [3, 5],
      [3, 5],
    ]);
  });

  test('counts holds that find no lane', () => {
    const [drm] = view.tracks({ modules: ['drm'], from: 0, to: end, width: 1000, maxLanes: 3 });
    expect(drm!.spans.length + drm!.hiddenHolds).toBe(5);
    expect(drm!.hiddenHolds).toBeGreaterThan(0);
  });

  test('has every event in the overview, and what is open at the end in its last column', () => {
    const { columns } = view.overview(100, { text: '', modules: [] });
    expect(columns.length).toBe(100);
    expect(columns.reduce((sum, { events }) => sum + events, 0)).toBe(26);
    expect(columns.at(-1)!.open).toBe(10);
    expect(columns[0]).toMatchObject({ time: 0, lost: 0 });
  });

  test('lists its events with the hold each one begins or ends', () => {
    expect(view.eventCount(all)).toBe(26);
    const rows = view.eventRows(all, 0, 100);
    expect(rows[0]).toMatchObject({ line: 2, event: 'load', module: 'sysimgblt', task: 'modprobe', pid: 1687 });
    const logind = view.eventRows({ text: 'logind vkms', modules: [] }, 0, 10);
    expect(logind).toMatchObject([
      { line: 26, event: 'get', callSite: 'drm_stub_open', refcount: 2, holder: 'systemd-logind-545' },
    ]);
    expect(view.holdFacts(logind[0]!.hold)).toMatchObject({
      module: 'vkms',
      holder: 'systemd-logind-545',
      kind: 'task',
      confidence: 'high',
      end: Number.POSITIVE_INFINITY,
      lines: [26],
    });
    expect(view.holdFacts(logind[0]!.hold)?.meaning).not.toBe('');
    expect(view.eventAtLine(26)?.row).toBe(logind[0]!.row);
    expect(view.eventAtLine(1)).toBeUndefined();
  });

  test('finds the event at the cursor in the filtered list', () => {
    expect(view.eventPositionAt(all, -1)).toBe(-1);
    expect(view.eventPositionAt(all, end)).toBe(25);
    expect(view.eventPositionAt({ text: 'logind', modules: [] }, end / 2)).toBe(-1);
    expect(view.eventPositionAt({ text: 'load', modules: [] }, 0)).toBe(0);
  });

  test('answers for a module it does not know with nothing', () => {
    expect(view.tracks({ modules: ['nouveau'], from: 0, to: end, width: 10, maxLanes: 1 })).toEqual([]);
    expect(view.detail('nouveau', 0, end, 100)).toEqual([]);
  });
});

describe('other recordings', () => {
  test('a module that was freed and loaded again has a gap in its line', () => {
    const view = open('seeds/testmod.trace_pipe.txt');
    const { end, refcounts } = view.summary();
    const [testmod] = view.tracks({ modules: ['testmod'], from: 0, to: end, width: 500, maxLanes: 4 });
    expect(refcounts).toBe('per-cpu');
    expect([...testmod!.steps.last]).toContain(ABSENT);
    expect(
      [...testmod!.steps.last].filter((references) => references !== ABSENT).every((references) => references >= 0),
    ).toBe(true);
  });

  test('lost events are hatched in every track and told in overview and summary', () => {
    const view = open('storm/late/trace_pipe.overrun.txt');
    const { end, lostEvents, modules } = view.summary();
    expect(lostEvents).toBeGreaterThan(0);
    const names = modules.slice(0, 2).map(({ module }) => module);
    for (const { lost } of view.tracks({ modules: names, from: 0, to: end, width: 900, maxLanes: 4 })) {
      expect(lost.length).toBeGreaterThan(0);
      expect(lost.reduce((sum, { count }) => sum + count, 0)).toBe(lostEvents);
    }
    expect(view.overview(50, { text: '', modules: [] }).columns.reduce((sum, { lost }) => sum + lost, 0)).toBe(
      lostEvents,
    );
  });

  test('an empty overview does not divide by nothing', () => {
    const view = open('seeds/binfmt_misc-noise.trace_pipe.txt');
    const { columns } = view.overview(3, { text: '', modules: [] });
    expect(columns.length).toBe(3);
    expect(columns.every(({ time, events, open }) => Number.isFinite(time + events + open))).toBe(true);
  });

  test('all answers can be carried by structured clone', () => {
    const view = open('storm/late/trace_pipe.overrun.txt');
    const { end, modules } = view.summary();
    const names = modules.map(({ module }) => module);
    const answers = [
      view.summary(),
      view.tracks({ modules: names, from: 0, to: end, width: 300, maxLanes: 4 }),
      view.modulesAt(end),
      view.accountingAt(names[0]!, end),
      view.eventRows({ text: 'get', modules: names }, 0, 20),
      view.rejectedLines(),
    ];
    expect(structuredClone(answers)).toEqual(answers);
  });
});
