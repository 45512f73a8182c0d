import { describe, expect, test } from 'vitest';
import type { DisplayItem, DisplayList } from '../../../shared/view-model/display-list.ts';
import { drawTracks, type TrackScene } from '../../../shared/view-model/draw-tracks.ts';
import { fitText } from '../../../shared/view-model/fit-text.ts';
import { hitTest } from '../../../shared/view-model/hit-test.ts';
import {
  LANE_HEIGHT,
  layoutTracks,
  RULER_HEIGHT,
  STEP_HEIGHT,
  stackHeight,
} from '../../../shared/view-model/layout-tracks.ts';
import { ABSENT, type SpanPicture, type TrackPicture } from '../../../shared/view-model/recording-view.ts';

const measureText = (text: string, size: number) => (text.length * size) / 2;

function span(given: Partial<SpanPicture>): SpanPicture {
  return {
    hold: 0,
    lane: 0,
    x0: 100,
    x1: 500,
    opensBefore: false,
    staysOpen: false,
    start: 10,
    end: 50,
    colour: 3,
    label: 'systemd-logind-545',
    callSite: 'drm_stub_open',
    confidence: 2,
    count: 1,
    ...given,
  };
}

function picture(given: Partial<TrackPicture> & { line?: [x: number, references: number][] } = {}): TrackPicture {
  const { line = [[250, 1]], ...rest } = given;
  const values = Int32Array.from(line, ([, references]) => references);
  return {
    module: 'vkms',
    from: 0,
    to: 100,
    width: 1000,
    steps: {
      x: Float32Array.from(line, ([x]) => x),
      min: values,
      max: values,
      last: values,
      row: Int32Array.from(line.keys()),
      entry: 0,
    },
    maxReferences: 1,
    spans: [],
    lanes: 1,
    hiddenHolds: 0,
    lost: [],
    ...rest,
  };
}

function scene(tracks: readonly TrackPicture[], given: Partial<TrackScene> = {}): TrackScene {
  return {
    scale: { from: 0, to: 100, width: 1000 },
    height: 400,
    scrollTop: 0,
    clock: { unit: 'nanoseconds', digits: 9, start: 5_000_000_000n },
    refcounts: 'absolute',
    tracks,
    cursor: undefined,
    selectedModule: undefined,
    hoveredHold: undefined,
    selectedHolds: new Set(),
    measureText,
    ...given,
  };
}

const texts = ({ items }: DisplayList) => items.flatMap((item) => (item.kind === 'text' ? [item.text] : []));
const ofColour = ({ items }: DisplayList, colour: DisplayItem['colour']) =>
  items.filter((item) => item.colour === colour);
const stepLines = (list: DisplayList) =>
  ofColour(list, 'step-line').map((item) => (item.kind === 'polyline' ? item.points : []));

describe('the step line', () => {
  const low = RULER_HEIGHT + STEP_HEIGHT - 5;
  const high = RULER_HEIGHT + 14;

  test('goes level to the event, then up, then level to the border', () => {
    expect(stepLines(drawTracks(scene([picture()])))).toEqual([[0, low, 250, low, 250, high, 1000, high]]);
  });

  test('is broken where the module is absent and starts again with its load', () => {
    const list = drawTracks(
      scene([
        picture({
          line: [
            [100, 1],
            [200, ABSENT],
            [600, 1],
          ],
        }),
      ]),
    );
    expect(stepLines(list)).toEqual([
      [0, low, 100, low, 100, high, 200, high, 200, low],
      [600, high, 1000, high],
    ]);
  });

  test('says what its scale counts', () => {
    expect(texts(drawTracks(scene([picture({ maxReferences: 4 })])))).toContain('4 references');
    expect(texts(drawTracks(scene([picture({ maxReferences: 1 })], { refcounts: 'per-cpu' })))).toContain(
      '1 hold counted',
    );
  });

  test('of a busy column has its lowest, highest and last value in at most three vertices more', () => {
    const busy = picture({ maxReferences: 9 });
    const steps = { ...busy.steps, min: Int32Array.of(1), max: Int32Array.of(9), last: Int32Array.of(5) };
    const [points] = stepLines(drawTracks(scene([{ ...busy, steps }])));
    expect(points!.length / 2).toBe(1 + 1 + 3 + 1);
    expect(Math.min(...points!.filter((_, i) => i % 2 === 1))).toBe(high);
  });
});

describe('spans', () => {
  test('carry their holder and call site', () => {
    const wide = drawTracks(scene([picture({ spans: [span({})] })]));
    expect(texts(wide)).toContain('systemd-logind-545 · drm_stub_open');
  });

  test('that are too short for their holder have it beside them, where their lane is free', () => {
    const named = (spans: SpanPicture[]) =>
      drawTracks(scene([picture({ spans })])).items.filter(
        (item) => item.kind === 'text' && item.text.startsWith('syst'),
      );
    expect(named([span({ x1: 180 })])).toMatchObject([{ text: 'systemd-logind-545', x: 184, align: 'left' }]);
    const blockedRight = [span({ x0: 500, x1: 520 }), span({ hold: 8, x0: 530, x1: 1000, label: 'other' })];
    expect(named(blockedRight)).toMatchObject([{ text: 'systemd-logind-545', x: 496, align: 'right' }]);
    const blocked = [
      span({ hold: 9, x0: 0, x1: 100, label: 'one' }),
      span({ x1: 180 }),
      span({ hold: 8, x0: 181, label: 'two' }),
    ];
    expect(named(blocked)).toMatchObject([{ text: expect.stringMatching(/^systemd-l.*…$/), align: 'left' }]);
    const tiny = [
      span({ hold: 9, x0: 0, x1: 100, label: 'one' }),
      span({ x1: 104 }),
      span({ hold: 8, x0: 105, label: 'two' }),
    ];
    expect(named(tiny)).toEqual([]);
  });

  test('of a hold that never ended run to the edge with an arrow', () => {
    const open = span({ x1: 2000, staysOpen: true, end: Number.POSITIVE_INFINITY });
    const [bar, arrow] = ofColour(drawTracks(scene([picture({ spans: [open] })])), 'holder-3');
    expect(bar).toMatchObject({ kind: 'rect', x: 100, width: 892 });
    expect(arrow).toMatchObject({ kind: 'polygon', points: expect.arrayContaining([1000]) });
    const cut = span({ x1: 2000, staysOpen: true, end: 180 });
    expect(ofColour(drawTracks(scene([picture({ spans: [cut] })])), 'holder-3').map(({ kind }) => kind)).toEqual([
      'rect',
    ]);
  });

  test('of a hold from before the recording have a mark at their left end', () => {
    const old = span({ x0: -1000, opensBefore: true, start: Number.NEGATIVE_INFINITY });
    const marks = drawTracks(scene([picture({ spans: [old] })])).items.filter(
      (item) => item.kind === 'polygon' && item.colour === 'text-on-span',
    );
    expect(marks.length).toBe(1);
  });

  test('that are selected or under the pointer are outlined', () => {
    const spans = [span({ hold: 7 }), span({ hold: 8, x0: 600, x1: 700 })];
    const list = drawTracks(scene([picture({ spans })], { selectedHolds: new Set([7]), hoveredHold: 8 }));
    expect(ofColour(list, 'selection')).toMatchObject([{ kind: 'rect', x: 99, outline: 2 }]);
    expect(ofColour(list, 'hover')).toMatchObject([{ kind: 'rect', x: 599, outline: 2 }]);
  });

  test('of an older window are moved and stretched to the one that is shown', () => {
    const zoomed = scene([picture({ spans: [span({})] })], { scale: { from: 0, to: 50, width: 1000 } });
    expect(ofColour(drawTracks(zoomed), 'holder-3')).toMatchObject([{ x: 200, width: 800 }]);
    expect(hitTest(zoomed, 900, RULER_HEIGHT + STEP_HEIGHT + 3).span?.hold).toBe(0);
  });
});

describe('the stack', () => {
  const tracks = [picture({ module: 'drm', lanes: 3 }), picture({ module: 'vkms', lanes: 1 })];

  test('gives each track room for its line and its lanes', () => {
    expect(layoutTracks(tracks)).toEqual([
      { module: 'drm', y: 0, height: STEP_HEIGHT + 3 * LANE_HEIGHT },
      { module: 'vkms', y: STEP_HEIGHT + 3 * LANE_HEIGHT, height: STEP_HEIGHT + LANE_HEIGHT },
    ]);
    expect(stackHeight(tracks)).toBe(2 * STEP_HEIGHT + 4 * LANE_HEIGHT);
  });

  test('draws nothing of a track that is scrolled out of sight', () => {
    expect(stepLines(drawTracks(scene(tracks, { scrollTop: 98 })))).toHaveLength(1);
    expect(stepLines(drawTracks(scene(tracks, { height: 60 })))).toHaveLength(1);
  });

  test('hatches lost events over the whole height of the track, one pixel wide at least', () => {
    const lost = [{ x0: 300, x1: 300.2, count: 12 }];
    expect(ofColour(drawTracks(scene([picture({ lost })])), 'lost')).toMatchObject([
      { kind: 'hatch', x: 300, width: 1, height: STEP_HEIGHT + LANE_HEIGHT },
    ]);
  });

  test('has round times on the ruler and the cursor over all', () => {
    const list = drawTracks(scene(tracks, { cursor: 40 }));
    expect(texts(list)).toContain('5.00000004');
    expect(list.items.at(-2)).toMatchObject({ kind: 'polyline', colour: 'cursor', points: [400, 0, 400, 400] });
    expect(ofColour(drawTracks(scene(tracks, { cursor: 400 })), 'cursor')).toEqual([]);
  });

  test('says how many holds have no lane', () => {
    expect(texts(drawTracks(scene([picture({ hiddenHolds: 2 })])))).toContain('2 more holds without a lane');
  });
});

describe('pointing at the stack', () => {
  const shown = scene([
    picture({ module: 'drm', lanes: 2, spans: [span({ hold: 4 }), span({ hold: 5, lane: 1, x0: 600, x1: 601 })] }),
    picture({ module: 'vkms', lost: [{ x0: 700, x1: 720, count: 3 }] }),
  ]);
  const lane = (index: number) => RULER_HEIGHT + STEP_HEIGHT + index * LANE_HEIGHT + 9;

  test('finds the span under the pointer, and one of a pixel near to it', () => {
    expect(hitTest(shown, 300, lane(0))).toMatchObject({ module: 'drm', time: 30, span: { hold: 4 } });
    expect(hitTest(shown, 598, lane(1)).span?.hold).toBe(5);
    expect(hitTest(shown, 590, lane(1)).span).toBeUndefined();
  });

  test('finds the event at a step of the line', () => {
    expect(hitTest(shown, 252, RULER_HEIGHT + 20).row).toBe(0);
    expect(hitTest(shown, 300, RULER_HEIGHT + 20).row).toBeUndefined();
  });

  test('finds lost events, the track that was scrolled to, and nothing over the ruler', () => {
    const inVkms = lane(2) + 4;
    expect(hitTest(shown, 710, inVkms)).toMatchObject({ module: 'vkms', lost: { count: 3 } });
    expect(hitTest({ ...shown, scrollTop: 80 }, 10, RULER_HEIGHT + 5).module).toBe('vkms');
    expect(hitTest(shown, 300, 10)).toEqual({
      time: 30,
      module: undefined,
      span: undefined,
      row: undefined,
      lost: undefined,
    });
  });
});

test('a text is cut between letters, never within one', () => {
  expect(fitText('🦈🦈🦈🦈🦈🦈🦈🦈', 50, 10, (text) => Array.from(text).length * 10)).toBe('🦈🦈🦈🦈…');
  expect(fitText('abc', 30, 10, (text) => text.length * 10)).toBe('abc');
  expect(fitText('abcdef', 20, 10, (text) => text.length * 10)).toBe('');
});
