import { describe, expect, test } from 'vitest';
import { createGrowthSlice } from '../../../renderer/state/growth-slice.ts';
import type { RecordingSummary } from '../../../shared/view-model/recording-view.ts';

const summary = (start: bigint, events = 3) =>
  ({ events, end: 1000, clock: { unit: 'nanoseconds', digits: 6, start } }) as RecordingSummary;

type Set = Parameters<typeof createGrowthSlice>[0];

/** What the window remembers of a recording that grows and is not followed. */
function grownFrom(start: bigint) {
  const around = {
    recording: { summary: summary(start), bounds: { start: 0, end: 1000, minSpan: 1 } },
    cursor: 50,
    window: { from: 10, to: 90 },
    row: undefined,
    hold: undefined,
    markers: { a: 20 },
    notes: [{ id: 1, time: 30, text: 'here' }],
    notesBefore: [[{ id: 1, time: 30, text: 'her' }], []],
    openedNote: { id: undefined, time: 40 },
    keptCommands: [{ from: 60, until: Number.POSITIVE_INFINITY, line: 'modprobe vkms', exitCode: undefined }],
  };
  let state = around as typeof around & ReturnType<typeof createGrowthSlice>;
  const set: Set = (change) => {
    state = { ...state, ...change } as typeof state;
  };
  state = { ...around, ...createGrowthSlice(set, () => state) };
  state.beginGrowth();
  state.stopFollowing();
  return () => state;
}

describe('a recording that grows at its start', () => {
  test('keeps whatever stands at a time at its instant: what is shown, markers, notes, also undone and open ones, and commands', () => {
    const state = grownFrom(5_000n);
    state().growRecording(summary(4_000n, 4), {}, {}, 0);
    expect(state()).toMatchObject({
      cursor: 1050,
      window: { from: 1010, to: 1090 },
      markers: { a: 1020 },
      notes: [{ id: 1, time: 1030, text: 'here' }],
      notesBefore: [[{ id: 1, time: 1030, text: 'her' }], []],
      openedNote: { id: undefined, time: 1040 },
      keptCommands: [{ from: 1060, until: Number.POSITIVE_INFINITY, line: 'modprobe vkms' }],
    });
  });

  test('leaves them as they are where only its end moves', () => {
    const state = grownFrom(5_000n);
    const { notes, keptCommands, cursor } = state();
    state().growRecording(summary(5_000n, 4), {}, {}, 0);
    expect(state()).toMatchObject({ notes, keptCommands, cursor, revision: 1 });
  });
});
