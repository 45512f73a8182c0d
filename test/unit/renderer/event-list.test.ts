import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printRows } from '../../../renderer/events/print-rows.ts';
import { countRows, type OpenStack, placeOf, rowAt, toggleStack } from '../../../renderer/events/stack-rows.ts';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { createRecordingView } from '../../../shared/view-model/create-recording-view.ts';
import { readFixture, recordingOf } from '../../support/read-fixture.ts';

describe('stacks between the events of the list', () => {
  const frames = (count: number) => Array.from({ length: count }, (_, depth) => `frame ${depth}`);

  test('stand below their event and move what follows', () => {
    const stacks = toggleStack(toggleStack([], { index: 3, frames: frames(2) }), { index: 1, frames: frames(1) });
    expect(countRows(5, stacks)).toBe(8);
    expect(Array.from({ length: 8 }, (_, place) => rowAt(stacks, place)).map((row) => row.frame ?? row.index)).toEqual([
      0,
      1,
      'frame 0',
      2,
      3,
      'frame 0',
      'frame 1',
      4,
    ]);
    expect(placeOf(stacks, 4)).toBe(7);
  });

  test('close again', () => {
    const stack = { index: 2, frames: frames(3) };
    expect(toggleStack(toggleStack([], stack), stack)).toEqual([]);
  });

  test('leave every event a row of its own, wherever they are open', () => {
    const opened = fc.uniqueArray(fc.nat(19), { maxLength: 8 });
    fc.assert(
      fc.property(opened, fc.nat(5), (indices, depth) => {
        const stacks = indices.reduce<readonly OpenStack[]>(
          (all, index) => toggleStack(all, { index, frames: frames(1 + ((index + depth) % 5)) }),
          [],
        );
        for (let index = 0; index < 20; index++)
          expect(rowAt(stacks, placeOf(stacks, index))).toEqual({ index, frame: undefined });
        const rows = Array.from({ length: countRows(20, stacks) }, (_, place) => rowAt(stacks, place));
        expect(rows.filter(({ frame }) => frame === undefined)).toHaveLength(20);
      }),
    );
  });
});

describe('rows that are copied', () => {
  test('are text in the columns of the list: numbers to the right, the rest to the left', () => {
    const recording = recordingOf(readFixture('recordings/seeds/vkms-held-by-logind.report.txt'));
    const view = createRecordingView('vkms', recording, analyse(recording.table));
    const { clock } = view.summary();
    const events = view.eventRows({ text: 'line-less drm_stub_open|do_init_module module:vkms', modules: [] }, 0, 9);
    expect(events).toEqual([]);
    const two = view.eventRows({ text: 'module:vkms event:put|get', modules: [] }, 0, 9);
    expect(printRows(two, ['line', 'task', 'event', 'site', 'refcount'], clock, () => false)).toBe(
      ['23  modprobe-1687       put  do_init_module  1', '26  systemd-logind-545  get  drm_stub_open   2', ''].join(
        '\n',
      ),
    );
  });
});
