import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../shared/event-table/clock.ts';
import type { DisplayItem } from '../../../shared/view-model/display-list.ts';
import { commandAt } from '../../../shared/view-model/draw-commands.ts';
import { drawMarks, type MarkScene, noteAt, roomOfMarks, roomOfNotes } from '../../../shared/view-model/draw-marks.ts';
import { printSpan } from '../../../shared/view-model/print-span.ts';

const clock: Clock = { unit: 'nanoseconds', digits: 6, start: 102_000_000_000n };
const scene: MarkScene = {
  scale: { from: 0, to: 1_000, width: 1_000 },
  height: 200,
  clock,
  measureText: (text, size) => text.length * size * 0.5,
};
const textsOf = (change: Partial<MarkScene>) => {
  const items: DisplayItem[] = [];
  drawMarks(items, { ...scene, ...change });
  return items.flatMap((item) => (item.kind === 'text' ? [item.text] : []));
};

describe('a length of time is exact and in a unit that a person would choose', () => {
  test.each([
    [0, '0 ns'],
    [873, '873 ns'],
    [12_400, '12.4 µs'],
    [6_618_000, '6.618 ms'],
    [1_250_004_000, '1.250004 s'],
    [245_000_001_000, '4 min 05.000001 s'],
    [3_723_000_000_000, '1 h 02 min 03 s'],
    [-6_618_000, '−6.618 ms'],
  ])('%d ns', (span, text) => {
    expect(printSpan(clock, span)).toBe(text);
  });
  test('ticks are counted', () => {
    expect(printSpan({ unit: 'ticks', digits: 0, start: 0n }, 1234567)).toBe('1234567 ticks');
  });
});

describe('markers', () => {
  test('both in view have their distance between them, which no other label covers', () => {
    const markers = { a: 100, b: 900 };
    expect(textsOf({ markers })).toEqual(['A', 'B', '800 ns']);
    const taken = roomOfMarks({ ...scene, markers });
    expect(taken.some(({ from, to }) => from < 500 && to > 500)).toBe(true);
    expect(taken.some(({ from, to }) => from < 300 && to > 300)).toBe(false);
  });
  test('where there is no room for it the distance is left out, and what is not in view is not drawn', () => {
    expect(textsOf({ markers: { a: 100, b: 110 } })).toEqual(['A', 'B']);
    expect(textsOf({ markers: { a: -500, b: 900 } })).toEqual(['B', '1.4 µs']);
    expect(textsOf({ markers: { a: -500 } })).toEqual([]);
  });
});

describe('notes', () => {
  const notes = [
    { time: 990, text: 'near the right border' },
    { time: 100, text: 'two\nlines' },
  ];
  test('have their first line, behind the flag or before it', () => {
    expect(textsOf({ notes })).toEqual(['two', 'near the right border']);
  });
  test('are found by flag and text', () => {
    expect(noteAt({ ...scene, notes }, 102, 20)).toBe(1);
    expect(noteAt({ ...scene, notes }, 940, 20)).toBe(0);
    expect(noteAt({ ...scene, notes }, 400, 20)).toBe(-1);
    expect(noteAt({ ...scene, notes }, 102, 100)).toBe(-1);
  });
});

describe('commands', () => {
  const commands = [
    { from: 100, until: 300, text: 'modprobe vkms', failed: false },
    { from: 400, until: 401, text: 'modprobe -r vkms', failed: true },
    { from: 900, until: Number.POSITIVE_INFINITY, text: 'sleep 100', failed: false },
    { from: -50, until: 20, text: 'began before', failed: false },
    { from: 5_000, until: 6_000, text: 'not in view', failed: false },
  ];
  const barsOf = (change: Partial<MarkScene>) => {
    const items: DisplayItem[] = [];
    drawMarks(items, { ...scene, ...change });
    return items.flatMap((item) => (item.kind === 'rect' ? [[item.x, item.width, item.colour]] : []));
  };
  test('are bars as long as they ran, and seen however short; what failed is another colour', () => {
    expect(barsOf({ commands })).toEqual([
      [0, 20, 'selection'],
      [100, 200, 'selection'],
      [400, 2, 'lost'],
      [900, 100, 'selection'],
    ]);
  });
  test('have their text where there is room, and none over that of a note', () => {
    expect(textsOf({ commands })).toEqual(['modprobe vkms', 'modprobe -r vkms', 'sleep 100']);
    expect(textsOf({ commands, notes: [{ time: 410, text: 'a note' }] })).toEqual([
      'a note',
      'modprobe vkms',
      'sleep 100',
    ]);
  });
  test('are found by bar and text', () => {
    const seen = { ...scene, commands };
    const at = (x: number, y: number) => commandAt(seen, roomOfNotes(seen), x, y);
    expect([at(101, 26), at(299, 20), at(450, 20), at(950, 26), at(10, 26)]).toEqual([0, 0, 1, 2, 3]);
    expect([at(350, 26), at(101, 100)]).toEqual([-1, -1]);
  });
});
