import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../shared/event-table/clock.ts';
import type { DisplayItem } from '../../../shared/view-model/display-list.ts';
import { drawMarks, type MarkScene, noteAt, roomOfMarks } from '../../../shared/view-model/draw-marks.ts';
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
