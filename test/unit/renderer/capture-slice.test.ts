import { expect, test } from 'vitest';
import { type CaptureSlice, createCaptureSlice } from '../../../renderer/state/capture-slice.ts';
import type { CaptureState } from '../../../shared/ipc/capture-contract.ts';

const progress = { bytes: 1, events: 1, rate: 0, lost: 0, waiting: 0, erasures: 0, milliseconds: 1 };
const named = (capture: number, state: CaptureState['progress']['state']): CaptureState => ({
  capture,
  name: `${capture}.txt`,
  progress: { ...progress, state },
  notices: [],
  saved: false,
});

test('a copy that has arrived marks its own recording, and not one that another window has begun meanwhile', () => {
  let state!: CaptureSlice;
  state = createCaptureSlice(
    (change) => {
      state = { ...state, ...change };
    },
    () => state,
  );
  state.showCapture(named(1, 'ended'));
  state.showCapture(named(2, 'recording'));
  state.markCopied(1);
  expect(state.capture).toMatchObject({ capture: 2, saved: false });
  state.markCopied(2);
  expect(state.capture).toMatchObject({ capture: 2, saved: true });
});
