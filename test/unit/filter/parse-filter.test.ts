import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../shared/event-table/clock.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';

const clock: Clock = { unit: 'nanoseconds', digits: 6, start: 102_000_000_000n };
const ticks: Clock = { unit: 'ticks', digits: 0, start: 4_685_897n };

/** The words of the problems, each with the part of the text it is about. */
function complaints(text: string, of: Clock = clock): string[] {
  return parseFilter(text, of).problems.map(({ from, to, what, why, remedy }) => {
    expect(why).not.toBe('');
    expect(remedy).not.toBe('');
    return `${text.slice(from, to)}: ${what}`;
  });
}

describe('a filter', () => {
  test('is cut into tokens that can be coloured', () => {
    const text = 'module:drm -task:"my task"* get|put';
    expect(parseFilter(text, clock).tokens.map(({ kind, from, to }) => `${kind} ${text.slice(from, to)}`)).toEqual([
      'key module:',
      'text drm',
      'negation -',
      'key task:',
      'quoted "my task"',
      'wildcard *',
      'text get',
      'or |',
      'text put',
    ]);
  });

  test('says which key there is none of, where, and what to write', () => {
    expect(complaints('drm modul:drm')).toEqual(['modul: There is no key modul.']);
    expect(parseFilter('pci:v8086', clock).problems[0]!.remedy).toContain('quotes');
    expect(complaints('"pci:v8086"')).toEqual([]);
  });

  test('says what is missing of a word that is being written', () => {
    expect(complaints('module:')).toEqual(['module:: module: has no value.']);
    expect(complaints('drm -')).toEqual(['-: Nothing stands behind the minus.']);
    expect(complaints('event:get|')).toEqual(['event:get|: Beside a | a value is missing.']);
    expect(complaints('task:"my ta')).toEqual(['task:"my ta: A quote is not closed.']);
  });

  test('says which values there are', () => {
    expect(complaints('event:get|got')).toEqual(['got: got is none of the values.']);
    expect(parseFilter('is:held', clock).problems[0]!.why).toBe(
      'They are open, ended, transient, unexplained, unpaired.',
    );
    expect(complaints('event:module_get')).toEqual([]);
  });

  test('says what is no number, no time, or no range', () => {
    expect(complaints('pid:logind')).toEqual(['logind: logind is no number.']);
    expect(complaints('cpu:3..1')).toEqual(['3..1: 3..1 ends before it begins.']);
    expect(parseFilter('cpu:3..1', clock).problems[0]!.remedy).toBe('Write 1..3.');
    expect(complaints('time:1..2..3')).toEqual(['1..2..3: 1..2..3 is no time of this recording.']);
    expect(complaints('time:noon')).toEqual(['noon: noon is no time of this recording.']);
    expect(complaints('time:46.5', ticks)).toEqual(['46.5: 46.5 is no time of this recording.']);
    expect(complaints('time:4685897..4685999', ticks)).toEqual([]);
    expect(complaints('pid:1.. time:..102 refcount:..')).toEqual(['..: .. is no number.']);
  });

  test('keeps to the words it understood', () => {
    expect(parseFilter('module:drm nokey:x -event:request', clock).terms.map(({ key }) => key)).toEqual([
      'module',
      'event',
    ]);
  });

  test('is not read beyond a length that no person writes', () => {
    expect(complaints('x '.repeat(6_000))).toHaveLength(1);
  });
});
