import type { Clock } from '../event-table/clock.ts';
import { EventKind } from '../event-table/event-table.ts';
import type { Filter, FilterProblem, FilterTerm, NumberRange } from './filter.ts';
import { eventNames, type FilterKey, filterKeys, HoldState, holdStates } from './filter-keys.ts';
import { ANY_RUN, type Pattern } from './pattern.ts';
import { readNumberRange, readTimeRange } from './read-range.ts';
import { type Alternative, type FilterWord, type Stretch, splitFilter } from './split-filter.ts';

/** No person writes more; what comes from elsewhere shall not cost more. */
const LONGEST_FILTER = 10_000;

/**
 * Reads a filter.
 *
 * Errors: what was not understood is in `problems` with its place; the rest of the line holds all the same.
 */
export function parseFilter(text: string, clock: Clock): Filter {
  const read = text.slice(0, LONGEST_FILTER);
  const { tokens, words } = splitFilter(read);
  const terms: FilterTerm[] = [];
  const problems: FilterProblem[] = [];
  for (const word of words) {
    const term = readTerm(word, clock);
    if ('what' in term) problems.push(term);
    else terms.push(term);
  }
  if (read.length < text.length)
    problems.push({
      from: read.length,
      to: text.length,
      what: `The filter is longer than ${LONGEST_FILTER} characters.`,
      why: 'What stands beyond is not read.',
      remedy: 'Shorten it with wildcards, as in task:kworker*.',
    });
  return { text, tokens, terms, problems };
}

function readTerm(word: FilterWord, clock: Clock): FilterTerm | FilterProblem {
  const { key, negated, alternatives } = word;
  if (word.unclosed)
    return problem(word, 'A quote is not closed.', 'It was opened in this word.', 'Write a " behind the last letter.');
  if (key !== undefined && !isKey(key.name))
    return problem(
      key,
      `There is no key ${key.name}.`,
      `The keys are ${Object.keys(filterKeys).join(', ')}.`,
      'Where the colon belongs to the text that is looked for, put it in quotes: "a:b".',
    );
  if (alternatives.some(({ from, to }) => from === to)) return emptyValue(word);
  return readValues(key === undefined ? 'any' : (key.name as FilterKey), negated, alternatives, clock);
}

function readValues(
  key: FilterKey | 'any',
  negated: boolean,
  alternatives: readonly Alternative[],
  clock: Clock,
): FilterTerm | FilterProblem {
  const patterns = alternatives.map(({ pattern }) => pattern);
  switch (key) {
    case 'any':
      return { key, negated, patterns: patterns.map(anywhere) };
    case 'module':
      // The kernel takes - and _ in a module's name for the same. Source: kernel/module/main.c, and kmod's underscores()
      return { key, negated, patterns: patterns.map(underscored) };
    case 'task':
    case 'site':
      return { key, negated, patterns };
    case 'event':
      return readNames(alternatives, eventNames, eventValues, (values) => ({ key, negated, values }));
    case 'is':
      return readNames(alternatives, Object.keys(holdStates), HoldState, (values) => ({ key, negated, values }));
    case 'time':
      return readRanges(
        alternatives,
        (text) => readTimeRange(text, clock),
        (ranges) => ({ key, negated, ranges }),
      );
    default:
      return readRanges(alternatives, readNumberRange, (ranges) => ({ key, negated, ranges }));
  }
}

/** The names as the recording prints them, too. */
const eventValues: Readonly<Record<string, EventKind>> = Object.fromEntries(
  eventNames.flatMap((name) => [
    [name, EventKind[name]],
    [`module_${name}`, EventKind[name]],
  ]),
);

function readNames(
  alternatives: readonly Alternative[],
  names: readonly string[],
  values: Readonly<Record<string, number>>,
  make: (values: readonly number[]) => FilterTerm,
): FilterTerm | FilterProblem {
  const wrong = alternatives.find(({ text }) => !Object.hasOwn(values, text.toLowerCase()));
  if (wrong === undefined) return make(alternatives.map(({ text }) => values[text.toLowerCase()]!));
  return problem(
    wrong,
    `${wrong.text} is none of the values.`,
    `They are ${names.join(', ')}.`,
    'Write one of them, or several with | between.',
  );
}

function readRanges(
  alternatives: readonly Alternative[],
  read: (text: string) => NumberRange | Omit<FilterProblem, keyof Stretch>,
  make: (ranges: readonly NumberRange[]) => FilterTerm,
): FilterTerm | FilterProblem {
  const ranges: NumberRange[] = [];
  for (const { from, to, text } of alternatives) {
    const range = read(text);
    if ('what' in range) return { ...range, from, to };
    ranges.push(range);
  }
  return make(ranges);
}

function emptyValue(word: FilterWord): FilterProblem {
  const { key } = word;
  if (word.alternatives.length > 1)
    return problem(
      word,
      'Beside a | a value is missing.',
      'It stands between two values.',
      'Write both without blanks, as in event:get|put.',
    );
  if (key === undefined)
    return problem(
      word,
      'Nothing stands behind the minus.',
      'It takes away what the word behind it finds.',
      'Write the word without a blank, as in -event:request.',
    );
  const name = key.name as FilterKey;
  return problem(
    word,
    `${name}: has no value.`,
    `It asks for ${filterKeys[name]}.`,
    `Write the value without a blank, as in ${examples[name]}.`,
  );
}

const examples: Readonly<Record<FilterKey, string>> = {
  module: 'module:drm',
  task: 'task:systemd*',
  pid: 'pid:545',
  site: 'site:drm_stub_open',
  event: 'event:get|put',
  time: 'time:102.1..102.2',
  cpu: 'cpu:0',
  is: 'is:open',
  refcount: 'refcount:3..',
};

function isKey(name: string): name is FilterKey {
  return Object.hasOwn(filterKeys, name);
}

function anywhere(pattern: Pattern): Pattern {
  const open = pattern[0] === ANY_RUN ? pattern.slice(1) : pattern;
  const inner = open[open.length - 1] === ANY_RUN ? open.slice(0, -1) : open;
  return [ANY_RUN, ...inner, ANY_RUN];
}

function underscored(pattern: Pattern): Pattern {
  return pattern.map((part) => (typeof part === 'string' ? part.replaceAll('-', '_') : part));
}

function problem({ from, to }: Stretch, what: string, why: string, remedy: string): FilterProblem {
  return { from, to, what, why, remedy };
}
