import type { CallSite, EventTable, Task } from '../event-table/event-table.ts';
import type { FilterTerm, TermOf } from './filter.ts';
import { eventNames } from './filter-keys.ts';
import { inRanges } from './find-spans.ts';
import { type TextTest, testPattern } from './pattern.ts';

/** A column whose values are few, or places in a list of texts. */
export type ColumnName = 'kind' | 'cpu' | 'module' | 'task' | 'callSite' | 'detail';

/** Which values of a column pass, 1 or 0. Shape: entry 0 stands for none (−1), entry i + 1 for value i. */
export type ColumnPasses = ReadonlyMap<ColumnName, Uint8Array>;

/** The values of the term's column that pass it. An event that has no such name has the empty one. */
export function passesOf(
  term: TermOf<'module' | 'task' | 'site' | 'pid' | 'cpu' | 'event'>,
  table: EventTable,
): ColumnPasses {
  switch (term.key) {
    case 'module': {
      const test = testAny(term);
      return one('module', term, table.modules, test(''), (module) => test(module.toLowerCase().replaceAll('-', '_')));
    }
    case 'task': {
      const test = testAny(term);
      return one('task', term, table.tasks, test(''), (task) => test(task.comm.toLowerCase()) || test(nameOf(task)));
    }
    case 'site': {
      const test = testAny(term);
      return one('callSite', term, table.callSites, test(''), (site) => formsOf(site).some(test));
    }
    case 'pid':
      return one('task', term, table.tasks, false, ({ pid, tgid }) =>
        [pid, tgid].some((id) => id >= 0 && inRanges(term.ranges, id)),
      );
    case 'cpu':
      return one('cpu', term, cpus, false, (cpu) => cpu !== NO_CPU && inRanges(term.ranges, cpu));
    case 'event':
      return one('kind', term, eventNames, false, (_, kind) => term.values.includes(kind));
  }
}

/** Where a bare word is found; of a negated one, where it is not. */
export function matchWord(term: TermOf<'any'>, table: EventTable): ColumnPasses {
  const test = testAny(term);
  const lower = (text: string) => test(text.toLowerCase());
  return new Map([
    ...one('kind', term, eventNames, false, lower),
    ...one('module', term, table.modules, test(''), lower),
    ...one('task', term, table.tasks, test(''), (task) => test(nameOf(task))),
    ...one('callSite', term, table.callSites, test(''), (site) => test(printed(site))),
    ...one('detail', term, table.details, test(''), lower),
  ]);
}

const NO_CPU = 0xffff;
const cpus: readonly number[] = Array.from({ length: NO_CPU + 1 }, (_, cpu) => cpu);

function one<Value>(
  column: ColumnName,
  { negated }: FilterTerm,
  values: readonly Value[],
  none: boolean,
  matches: (value: Value, index: number) => boolean,
): ColumnPasses {
  const passes = new Uint8Array(values.length + 1);
  passes[0] = none !== negated ? 1 : 0;
  for (const [index, value] of values.entries()) passes[index + 1] = matches(value, index) !== negated ? 1 : 0;
  return new Map([[column, passes]]);
}

function testAny({ patterns }: TermOf<'any' | 'module' | 'task' | 'site'>): TextTest {
  const tests = patterns.map(testPattern);
  return tests.length === 1 ? tests[0]! : (text) => tests.some((test) => test(text));
}

function nameOf({ comm, pid }: Task): string {
  return `${comm}-${pid}`.toLowerCase();
}

function printed({ symbol, module }: CallSite): string {
  return (module === undefined ? symbol : `${symbol} [${module}]`).toLowerCase();
}

/** As printed, without its module, and without what the compiler appended (`.isra.0`). */
function formsOf(site: CallSite): readonly string[] {
  const symbol = site.symbol.toLowerCase();
  return [symbol, symbol.replace(/\..*$/s, ''), printed(site)];
}
