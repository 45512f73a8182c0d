import { describe, expect, test } from 'vitest';
import { accountFor } from '../../../shared/analysis/account-for.ts';
import type { Accounting } from '../../../shared/analysis/accounting.ts';
import { analyse } from '../../../shared/analysis/analyse.ts';
import type { Analysis } from '../../../shared/analysis/analysis.ts';
import { dice } from '../../support/dice.ts';
import { makeTable } from '../../support/make-table.ts';
import { readText, recordingOf } from '../../support/read-fixture.ts';
import { STORM_HOLDER, writeStorm } from '../../support/write-storm.ts';

const countOf = (read: number) => `# counted by the kernel: read ${read}, lost 0, buffer erased 0 times`;

/** What ModShark makes of a recording of its own with these lines. */
function analyseLines(lines: readonly string[]): Analysis {
  return analyse(recordingOf(readText(`${['# modshark recording 1', ...lines].join('\n')}\n`)).table);
}

function atEnd(analysis: Analysis): Accounting {
  return accountFor(analysis, 'testmod', analysis.table.time[analysis.table.length - 1]!);
}

const told = ({ lsmod, unexplained, holders }: Accounting) => ({
  lsmod,
  unexplained,
  holders: holders.map(({ name, references, confidence }) => `${references} of ${name}, ${confidence}`),
});

const storms = [
  { cpus: 2, stops: 0, seeds: 20 },
  { cpus: 2, stops: 0.3, seeds: 30 },
  { cpus: 4, stops: 0.2, seeds: 30 },
  { cpus: 8, stops: 0.5, seeds: 20 },
];

function* playStorms(events: number) {
  for (const { cpus, stops, seeds } of storms) {
    for (let seed = 1; seed <= seeds; seed++) {
      const storm = writeStorm({ seed, cpus, stops, events, loaded: seed % 2 === 0 });
      yield { ...storm, roll: dice(seed * 31 + cpus), story: `${cpus} CPUs, ${stops} ‰ stops, seed ${seed}` };
    }
  }
}

/** Claims that more is held by somebody than he holds after a row. */
function wrongAfter(
  analysis: Analysis,
  holding: readonly ReadonlyMap<number, number>[],
  row: number,
  believed: (confidence: string) => boolean,
): string[] {
  const { table } = analysis;
  let last = row;
  while (last + 1 < table.length && table.time[last + 1] === table.time[row]) last++;
  return accountFor(analysis, 'testmod', table.time[row]!)
    .holders.filter(({ confidence, kind }) => believed(confidence) && kind !== 'loader')
    .filter(({ pid, references }) => references > (holding[last]!.get(pid ?? -1) ?? 0))
    .map(({ name, references, confidence }) => `${references} of ${name} (${confidence}) after row ${row}`);
}

const surely = (confidence: string) => confidence === 'high' || confidence === 'certain';
const probably = (confidence: string) => confidence !== 'low';

/** Short stories: what is made of them where the kernel's count covers them, and where nothing does. */
function tellBoth(text: string) {
  const table = makeTable(text);
  return [table.length, 0].map((countedRows) => {
    const analysis = analyse({ ...table, countedRows });
    const { unexplained, holders } = accountFor(analysis, 'tun', table.time[table.length - 1]!);
    return {
      findings: analysis.findings.map(({ kind }) => kind),
      unexplained,
      holders: holders.map(({ name, confidence }) => `${name}, ${confidence}`),
    };
  });
}

describe('one CPU that stands still', () => {
  const opensAndCloses = (from: number, count: number) =>
    Array.from({ length: 20 }, (_, n) => {
      const at = from + n * 1_000_000;
      return `${at} a-2 get tun misc_open ${count + 1} cpu0\n${at + 900_000} a-2 put tun __fput ${count} cpu0`;
    }).join('\n');

  test('between counting and stamping is ahead of the others by one, however long: nothing is missing', () => {
    const [counted, uncounted] = tellBoth(`
      10 modprobe-9 load tun cpu0
      20 modprobe-9 put tun do_init_module 1 cpu0
      100 holder-1 get tun misc_open 2 cpu0
      ${opensAndCloses(1_000_000, 3)}
      30000000 b-3 get tun misc_open 3 cpu1
      30000500 b-3 put tun misc_open 2 cpu1
    `);
    expect(counted).toEqual({ findings: [], unexplained: 0, holders: ['holder, high'] });
    expect(uncounted!.findings).toContain('disagreement');
  });

  test('does not explain a number that its next event cannot have made', () => {
    const [counted, uncounted] = tellBoth(`
      10 modprobe-9 load tun cpu0
      20 modprobe-9 put tun do_init_module 1 cpu0
      100 holder-1 get tun misc_open 2 cpu0
      ${opensAndCloses(1_000_000, 3)}
      30000000 b-3 put tun misc_open 2 cpu1
      30000500 c-4 get tun misc_open 3 cpu1
    `);
    expect(counted!.findings).toContain('disagreement');
    expect(counted).toEqual(uncounted);
  });
});

test('a get and another’s put that are missing, so that the numbers agree again, are no race: no CPU was about to count', () => {
  const both = (from: number, count: number) =>
    Array.from({ length: 20 }, (_, n) => {
      const at = from + n * 1_000_000;
      return `${at} a-2 get tun misc_open ${count + 1} cpu0
        ${at + 200_000} c-4 get tun misc_open ${count + 2} cpu1
        ${at + 400_000} c-4 put tun __fput ${count + 1} cpu1
        ${at + 600_000} a-2 put tun __fput ${count} cpu0`;
    }).join('\n');
  const [counted] = tellBoth(`
    10 modprobe-9 load tun cpu0
    20 modprobe-9 put tun do_init_module 1 cpu0
    100 holder-1 get tun misc_open 2 cpu0
    ${both(1_000_000, 3)}
    ${both(30_000_000, 2)}
  `);
  expect(counted!.findings).toContain('disagreement');
  expect(counted!.holders).not.toContain('holder, high');
});

test('a text that tells of tens of thousands of CPUs, and of races without end, is accounted for like any other', () => {
  let at = 20;
  const next = (task: string, event: string, count: number, cpu: number, after = 100) => {
    at += after;
    return `${at} ${task} ${event === 'get' ? 'get tun misc_open' : 'put tun __fput'} ${count} cpu${cpu}`;
  };
  const lines = ['10 modprobe-9 load tun cpu0', '20 modprobe-9 put tun do_init_module 1 cpu0'];
  for (let cpu = 0; cpu < 20_000; cpu++) lines.push(`${++at} x-7 get other misc_open ${cpu + 2} cpu${cpu}`);
  for (let pair = 0; pair < 50_000; pair++) lines.push(next('a-1', 'get', 2, 0), next('a-1', 'put', 1, 0));
  for (let race = 0; race < 5_000; race++)
    lines.push(
      next('a-1', 'get', 3, 0),
      next('b-2', 'get', 2, 1),
      next('a-1', 'put', 2, 0),
      next('b-2', 'put', 1, 1, 2e6),
    );
  const table = makeTable(lines.join('\n'));
  // Asking every CPU at every race took minutes, which is more than a test is given.
  for (const countedRows of [0, table.length]) expect(analyse({ ...table, countedRows }).refcounts).toBe('absolute');
});

describe('a storm on several CPUs of which nothing was lost', () => {
  test('by the kernel’s own count no race costs a holder: the answer is that of a kernel that counts at once', () => {
    let uncounted = 0;
    for (const { lines, ordered, story } of playStorms(2_000)) {
      const analysis = analyseLines([...lines, countOf(lines.length)]);
      expect(analysis.refcounts, story).toBe('absolute');
      expect(analysis.findings, story).toEqual([]);
      const answer = atEnd(analysis);
      expect(told(answer), story).toEqual(told(atEnd(analyseLines(ordered))));
      expect(answer, story).toMatchObject({
        lsmod: 2,
        unexplained: 0,
        holders: [{ pid: STORM_HOLDER, references: 2 }],
      });
      if (atEnd(analyseLines(lines)).unexplained !== 0) uncounted++;
    }
    // What would the count be for, if it were the same without it?
    expect(uncounted).toBeGreaterThan(20);
  });

  test('a count that is one too high or too low proves nothing, and changes nothing', () => {
    for (const { lines, holding, story } of playStorms(600)) {
      const without = atEnd(analyseLines(lines));
      for (const lie of [1, -1]) {
        const analysis = analyseLines([...lines, countOf(lines.length + lie)]);
        expect(analysis.table.countedRows, story).toBe(0);
        expect(told(atEnd(analysis)), story).toEqual(told(without));
        expect(wrongAfter(analysis, holding, lines.length - 1, probably), story).toEqual([]);
      }
    }
  });

  test('where the file was cut, what was counted before stays proven, and nobody is named who holds nothing then', () => {
    for (const { lines, holding, roll, story } of playStorms(1_000)) {
      const counted = lines.flatMap((line, at) => (at % 150 === 149 ? [line, countOf(at + 1)] : [line]));
      const cut = 20 + Math.floor(roll() * (counted.length - 20));
      const text = `# modshark recording 1\n${counted.slice(0, cut).join('\n')}`;
      const { table } = recordingOf(readText(text.slice(0, text.length - Math.floor(roll() * 60))));
      expect(table.countedRows % 150, story).toBe(0);
      expect(table.length - table.countedRows, story).toBeLessThanOrEqual(150);
      const analysis = analyse(table);
      for (let row = 0; row < table.length; row += 17)
        expect(wrongAfter(analysis, holding, row, probably), story).toEqual([]);
      expect(wrongAfter(analysis, holding, table.length - 1, probably), story).toEqual([]);
    }
  });

  test('where an event is missing though the count agrees, nobody is surely named who holds nothing, and at the end nobody at all', () => {
    for (const { lines, holding, roll, story } of playStorms(1_000)) {
      const gone = 4 + Math.floor(roll() * (lines.length - 4));
      const rest = lines.filter((_, at) => at !== gone);
      const truths = holding.filter((_, at) => at !== gone);
      const analysis = analyseLines([...rest, countOf(rest.length)]);
      expect(analysis.table.countedRows, story).toBe(rest.length);
      for (let row = 0; row < rest.length; row += 17)
        expect(wrongAfter(analysis, truths, row, surely), story).toEqual([]);
      expect(wrongAfter(analysis, truths, rest.length - 1, probably), story).toEqual([]);
    }
  });
});
