import { type Clock, parseTime } from '../event-table/clock.ts';
import type { Problem } from '../problem.ts';
import type { NumberRange } from './filter.ts';

/** Reads `3`, `3..5`, `3..` or `..5`. */
export function readNumberRange(text: string): NumberRange | Problem {
  const ends = text.split('..');
  const [first = '', last = first] = ends;
  if (ends.length > 2 || text === '..' || !ends.every((end) => /^\d{0,9}$/.test(end)))
    return {
      what: `${text} is no number.`,
      why: 'Here a whole number is meant, or a range of them.',
      remedy: 'Write it as 3, 3..5, 3.. or ..5.',
    };
  return inOrder(text, {
    from: first === '' ? Number.NEGATIVE_INFINITY : Number(first),
    to: last === '' ? Number.POSITIVE_INFINITY : Number(last),
  });
}

/**
 * Reads `102.1`, `102.1..102.2`, `102.1..` or `..102.2`. A single time stands for every instant that is printed with
 * these digits and any further ones; the ends of a range are instants, and in it.
 */
export function readTimeRange(text: string, clock: Clock): NumberRange | Problem {
  const ends = text.split('..');
  const times = ends.map((end) => (end === '' ? undefined : parseTime(clock, end)));
  if (ends.length > 2 || text === '..' || ends.some((end, i) => end !== '' && times[i] === undefined))
    return {
      what: `${text} is no time of this recording.`,
      why:
        clock.unit === 'ticks'
          ? 'Its clock counts ticks: times are whole numbers.'
          : 'Times are seconds as the recording prints them, with at most nine digits behind the dot.',
      remedy:
        clock.unit === 'ticks'
          ? 'Write it as 4685897, or a range as 4685897..4685999.'
          : 'Write it as 102.168297, or a range as 102.1..102.2.',
    };
  if (ends.length === 2)
    return inOrder(text, { from: times[0] ?? Number.NEGATIVE_INFINITY, to: times[1] ?? Number.POSITIVE_INFINITY });
  const digits = clock.unit === 'ticks' ? 9 : (text.split('.')[1]?.length ?? 0);
  return { from: times[0]!, to: times[0]! + 10 ** (9 - digits) - 1 };
}

function inOrder(text: string, range: NumberRange): NumberRange | Problem {
  if (range.from <= range.to) return range;
  return {
    what: `${text} ends before it begins.`,
    why: 'The lower end of a range stands first.',
    remedy: `Write ${text.split('..').reverse().join('..')}.`,
  };
}
