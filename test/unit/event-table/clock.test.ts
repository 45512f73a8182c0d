import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Clock, parseTime, printTime } from '../../../shared/event-table/clock.ts';

describe('a clock', () => {
  it('prints times as the recording does', () => {
    expect(printTime({ unit: 'nanoseconds', digits: 6, start: 102_001_424_000n }, 166_873_000)).toBe('102.168297');
    expect(printTime({ unit: 'nanoseconds', digits: 9, start: 66_851_946_790n }, 1)).toBe('66.851946791');
    expect(printTime({ unit: 'ticks', digits: 0, start: 26_838_040_883n }, 7)).toBe('26838040890');
    expect(printTime({ unit: 'nanoseconds', digits: 6, start: 0n }, 0)).toBe('0.000000');
  });

  it('reads back what it prints, also from an epoch that no double holds to the nanosecond', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 62n }),
        fc.nat({ max: 2 ** 31 - 1 }),
        fc.constantFrom<Clock['unit']>('nanoseconds', 'ticks'),
        (start, time, unit) => {
          const clock: Clock = { unit, digits: unit === 'ticks' ? 0 : 9, start };
          expect(parseTime(clock, printTime(clock, time))).toBe(time);
        },
      ),
    );
  });

  it('refuses what is no time', () => {
    const clock: Clock = { unit: 'nanoseconds', digits: 6, start: 0n };
    for (const text of ['', 'now', '1.2.3', '-1', '1e3', '1.1234567890'])
      expect(parseTime(clock, text)).toBeUndefined();
    expect(parseTime({ ...clock, unit: 'ticks' }, '1.5')).toBeUndefined();
  });
});
