import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import type { Analysis } from '../../../shared/analysis/analysis.ts';
import { printTime } from '../../../shared/event-table/clock.ts';
import { filterRows } from '../../../shared/filter/filter-rows.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import { quoteValue } from '../../../shared/filter/quote-value.ts';
import { describeEvent } from '../../../shared/view-model/describe-event.ts';
import { readFixture, recordingOf } from '../../support/read-fixture.ts';

/** Real recordings: names with blanks, quotes, dashes and control characters; requests; threads with a process. */
const analyses = [
  'seeds/vkms-held-by-logind.report.txt',
  'comm-names/live/trace_pipe.txt',
  'request/live/trace_pipe.txt',
  'handover/live/trace_pipe.tgid.txt',
  'late-start/live/trace_pipe.txt',
].map((path) => analyse(recordingOf(readFixture(`recordings/${path}`)).table));

/** One term: what is written, and what it means to say of one event, without tables or columns. */
interface Term {
  readonly text: string;
  readonly finds: (event: PlainEvent) => boolean;
}

interface PlainEvent {
  readonly module: string;
  readonly comm: string;
  readonly pid: number;
  readonly tgid: number;
  readonly site: string;
  readonly event: string;
  readonly detail: string;
  readonly cpu: number;
  readonly time: number;
  readonly refcount: number | undefined;
  readonly holds: readonly { readonly open: boolean; readonly transient: boolean }[];
}

function plainEvents({ table, holds }: Analysis): PlainEvent[] {
  return Array.from({ length: table.length }, (_, row) => {
    const { module, task, pid, callSite, event, refcount, time } = describeEvent(table, holds, row, -1);
    const own = Array.from(holds.startRow.keys()).filter(
      (hold) => holds.startRow[hold] === row || holds.endRow[hold] === row,
    );
    return {
      module,
      comm: task,
      pid,
      tgid: table.tasks[table.task[row]!]!.tgid,
      site: callSite,
      event,
      detail: table.details[table.detail[row]!] ?? '',
      cpu: table.cpu[row]!,
      time,
      refcount,
      holds: own.map((hold) => ({ open: holds.end[hold] === Infinity, transient: holds.transient[hold] !== 0 })),
    };
  });
}

/** A name with some of it replaced by wildcards, written as a filter and as a regular expression. */
const wildName = (name: string) => {
  const letters = Array.from(name);
  return fc.tuple(fc.nat(letters.length), fc.nat(letters.length), fc.constantFrom('', '*', '?')).map(([a, b, wild]) => {
    const [from, to] = a < b ? [a, b] : [b, a];
    const before = letters.slice(0, from).join('');
    const after = letters.slice(wild === '' ? from : wild === '?' ? from + 1 : to).join('');
    const quoted = (text: string) => (text === '' ? '' : `"${text.replace(/["\\]/g, '\\$&')}"`);
    return {
      text: wild === '' ? quoteValue(name) : `${quoted(before)}${wild}${quoted(after)}`,
      source: `${escapeRegExp(before)}${wild === '' ? '' : wild === '?' ? '[^]' : '[^]*'}${escapeRegExp(after)}`,
    };
  });
};
function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function termsOf(analysis: Analysis): fc.Arbitrary<Term> {
  const { table } = analysis;
  const names = (key: string, values: readonly string[], forms: (event: PlainEvent) => readonly string[]) =>
    fc.array(fc.constantFrom(...values).chain(wildName), { minLength: 1, maxLength: 3 }).map((wild): Term => {
      const tests = wild.map(({ source }) => new RegExp(`^(?:${source})$`, 'iu'));
      return {
        text: `${key}:${wild.map(({ text }) => text).join('|')}`,
        finds: (event) => forms(event).some((form) => tests.some((test) => test.test(form))),
      };
    });
  const numbers = (key: string, of: (event: PlainEvent) => readonly (number | undefined)[], most: number) =>
    fc.tuple(fc.nat(most), fc.nat(most), fc.constantFrom('one', 'both', 'from', 'to')).map(([a, b, form]): Term => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const text = { one: `${low}`, both: `${low}..${high}`, from: `${low}..`, to: `..${high}` }[form]!;
      const from = form === 'to' ? -Infinity : low;
      const to = form === 'one' ? low : form === 'from' ? Infinity : high;
      return {
        text: `${key}:${text}`,
        finds: (event) => of(event).some((number) => number !== undefined && number >= from && number <= to),
      };
    });
  const row = fc.nat(table.length - 1);
  const term = fc.oneof(
    names('module', table.modules, ({ module }) => [module]),
    names(
      'task',
      table.tasks.map(({ comm }) => comm),
      ({ comm, pid }) => [comm, `${comm}-${pid}`],
    ),
    names(
      'site',
      table.callSites.map(({ symbol }) => symbol),
      ({ site }) => {
        const symbol = site.split(' [')[0]!;
        return [symbol, symbol.split('.')[0]!, site];
      },
    ),
    numbers('pid', ({ pid, tgid }) => [pid, tgid === -1 ? undefined : tgid], 1_000),
    numbers('cpu', ({ cpu }) => [cpu], 2),
    numbers('refcount', ({ refcount }) => [refcount], 8),
    fc
      .constantFrom('get', 'put', 'load', 'free', 'request')
      .map((event): Term => ({ text: `event:${event}`, finds: (found) => found.event === event })),
    fc.constant<Term>({ text: 'is:open', finds: ({ holds }) => holds.some(({ open }) => open) }),
    fc.constant<Term>({ text: 'is:transient', finds: ({ holds }) => holds.some(({ transient }) => transient) }),
    fc.tuple(row, row).map(([a, b]): Term => {
      const from = table.time[Math.min(a, b)]!;
      const to = table.time[Math.max(a, b)]!;
      return {
        text: `time:${printTime(table.clock, from)}..${printTime(table.clock, to)}`,
        finds: ({ time }) => time >= from && time <= to,
      };
    }),
    fc.constantFrom('get', 'put', 'drm', 'vk', '1', 'modprobe', 'fs-', '_').map(
      (word): Term => ({
        text: word,
        finds: ({ event, module, comm, pid, site, detail }) =>
          [event, module, `${comm}-${pid}`, site, detail].some((text) => text.toLowerCase().includes(word)),
      }),
    ),
  );
  return fc
    .tuple(term, fc.boolean())
    .map(([{ text, finds }, negated]) =>
      negated ? { text: `-${text}`, finds: (event) => !finds(event) } : { text, finds },
    );
}

test('a filter finds what looking at every event by itself finds', () => {
  for (const analysis of analyses) {
    const { table } = analysis;
    const events = plainEvents(analysis);
    fc.assert(
      fc.property(fc.array(termsOf(analysis), { maxLength: 4 }), (terms) => {
        const filter = parseFilter(terms.map(({ text }) => text).join(' '), table.clock);
        expect(filter.problems).toEqual([]);
        const expected = events.flatMap((event, row) => (terms.every(({ finds }) => finds(event)) ? [row] : []));
        expect([...filterRows(filter, table, analysis)]).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  }
}, 60_000);

test('every name of a recording can be written so that the filter finds its events', () => {
  for (const { table, holds } of analyses)
    for (const task of new Set(table.task)) {
      const { comm, pid } = table.tasks[task]!;
      const filter = parseFilter(`task:${quoteValue(comm)} pid:${pid}`, table.clock);
      expect(filter.problems).toEqual([]);
      const found = [...filterRows(filter, table, { holds })].map((row) => table.task[row]);
      expect(found).toContain(task);
    }
});

test('any text is read without a throw, and every letter of it that is no blank belongs to one token', () => {
  const { table } = analyses[0]!;
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'ab:|"\\*?-. 1') })),
      (text) => {
        const { tokens, problems } = parseFilter(text, table.clock);
        let at = 0;
        for (const { from, to } of tokens) {
          expect(text.slice(at, from).trim()).toBe('');
          expect(to).toBeGreaterThan(from);
          at = to;
        }
        expect(text.slice(at).trim()).toBe('');
        for (const { from, to } of problems) expect(0 <= from && from < to && to <= text.length).toBe(true);
      },
    ),
    { numRuns: 1_000 },
  );
}, 60_000);
