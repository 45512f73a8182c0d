import { expect, test } from 'vitest';
import {
  writeBytes,
  writeCount,
  writeCounted,
  writeDuration,
  writeShortCount,
} from '../../../renderer/widgets/write-numbers.ts';

const seconds = { unit: 'nanoseconds', digits: 6, start: 0n } as const;
const ticks = { unit: 'ticks', digits: 0, start: 0n } as const;

test.each([
  [0, '0 ns'],
  [873, '873 ns'],
  [12_400, '12.4 µs'],
  [3_020_000, '3.02 ms'],
  [187_000_000, '187 ms'],
  [1_250_000_000, '1.25 s'],
  [245_000_000_000, '4 min 05 s'],
  [9_000_000_000_000, '2 h 30 min'],
])('%d nanoseconds are written as %s', (duration, written) => {
  expect(writeDuration(seconds, duration)).toBe(written);
});

test('a clock that counts no seconds gets none', () => {
  expect(writeDuration(ticks, 15_000)).toBe('15,000 ticks');
});

test('counts and sizes are written for people', () => {
  expect(writeCount(150_018)).toBe('150,018');
  expect(writeShortCount(9_999)).toBe('9,999');
  expect(writeShortCount(150_018)).toBe('150K');
  expect(writeCounted(1, 'event')).toBe('1 event');
  expect(writeCounted(0, 'event')).toBe('0 events');
  expect(writeBytes(512)).toBe('512 B');
  expect(writeBytes(2_307)).toBe('2.3 KiB');
  expect(writeBytes(17_196_646)).toBe('16.4 MiB');
});
