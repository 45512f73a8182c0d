import { describe, expect, it, vi } from 'vitest';
import { accountFor } from '../../../shared/analysis/account-for.ts';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { EventKind, type EventTable } from '../../../shared/event-table/event-table.ts';
import { dice } from '../../support/dice.ts';
import { judge, readGroundTruth, type TimedHold, timeHolds } from '../../support/ground-truth.ts';
import { fixtureBytes, readFixture, readText, recordingOf } from '../../support/read-fixture.ts';

vi.setConfig({ testTimeout: 120_000 });

const noted = [
  { name: 'tour', marks: 163 },
  { name: 'semantics', marks: 33 },
];

function textOf(path: string): string[] {
  return new TextDecoder('latin1').decode(fixtureBytes(path)).split('\n');
}

/** Compares lsmod's numbers, which were written into the recording as marks, with what the analysis says at that line. */
function compareMarks(lines: readonly string[]) {
  const { table } = recordingOf(readText(lines.join('\n')));
  const analysis = analyse(table);
  const wrong: string[] = [];
  let compared = 0;
  lines.forEach((text, index) => {
    const mark = /tracing_mark_write: ## lsmod (\S+) refcnt=(-?\d+)/.exec(text);
    if (mark === null) return;
    const module = table.modules.indexOf(mark[1]!);
    let last = -1;
    let seen = false;
    for (let row = 0; row < table.length && table.line[row]! <= index; row++) {
      last = row;
      if (table.module[row] === module) seen = true;
    }
    // Before its first event nothing was recorded of it.
    if (module < 0 || !seen) return;
    compared++;
    const { lsmod, arithmetic } = accountFor(analysis, mark[1]!, table.time[last]!);
    if (lsmod !== Number(mark[2])) wrong.push(`line ${index + 1}: lsmod said ${mark[2]}, told ${arithmetic}`);
  });
  return { compared, wrong };
}

describe.each(noted)('the numbers that lsmod showed during the recording "$name"', ({ name, marks }) => {
  const lines = textOf(`recordings/observed/debian-6.1.0-56-${name}.ftrace.txt`);

  it(`are told, all ${marks}`, () => {
    expect(compareMarks(lines)).toEqual({ compared: marks, wrong: [] });
  });

  it.each([0.05, 0.1, 0.25, 0.4, 0.6, 0.8])('are told also when the first %s of the recording is cut off', (part) => {
    const { compared, wrong } = compareMarks(lines.slice(Math.floor(lines.length * part)));
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(10);
  });
});

const scenarios = [
  'af_alg',
  'block',
  'generic-main',
  'generic-rt',
  'handover',
  'kinds',
  'late-start',
  'loop-mount',
  'net',
  'nft',
  'request',
  'testmod-held',
  'tun',
  'vkms',
];

const isCount = (text: string) => /module_(get|put): /.test(text);

function openScenario(name: string) {
  const lines = textOf(`recordings/${name}/live/trace_pipe.txt`);
  const clocked = recordingOf(readFixture(`recordings/${name}/late/trace.mono.txt`)).table;
  const whole = recordingOf(readText(lines.join('\n'))).table;
  return { lines, whole, holds: timeHolds(readGroundTruth(name), clocked, whole) };
}

/** Reads what is left of a recording, line numbers kept, and puts the truth on its clock. */
function readRest(
  lines: readonly string[],
  gone: (text: string, index: number) => boolean,
  whole: EventTable,
  holds: readonly TimedHold[],
) {
  const outcome = readText(lines.map((text, index) => (gone(text, index) ? '' : text)).join('\n'));
  if (!outcome.ok) return undefined;
  const { table } = outcome.recording;
  const shift = Number(table.clock.start - whole.clock.start);
  const moved = holds.map((hold) => ({
    ...hold,
    from: hold.from - shift,
    until: hold.until - shift,
    gone: hold.gone - shift,
  }));
  return { analysis: analyse(table), holds: moved };
}

/** Events after which the count that is told differs from the one that was printed. */
function disagreements({ table, detail }: ReturnType<typeof analyse>): number {
  let count = 0;
  detail.rows.rows.forEach((row, place) => {
    const counts = table.kind[row] === EventKind.get || table.kind[row] === EventKind.put;
    if (counts && detail.lsmodAfter[place] !== table.refcount[row]! - 1) count++;
  });
  return count;
}

describe('a recording that starts in the middle', () => {
  it.each(scenarios)('%s: the counts are equal after every event, and nobody is told wrong', (name) => {
    const { lines, whole, holds } = openScenario(name);
    for (const part of [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) {
      const rest = readRest(lines, (_, index) => index < lines.length * part, whole, holds);
      if (rest === undefined) continue;
      expect(disagreements(rest.analysis)).toBe(0);
      expect(judge(rest.holds, rest.analysis).filter(({ verdict }) => verdict === 'wrong')).toEqual([]);
    }
  });
});

/**
 * Whether what is missing between two events of a module leaves its count as it was. Nobody who reads the rest can know of
 * such a gap, neither from the numbers nor from a mark.
 */
function hidesExchange(lines: readonly string[], gone: readonly boolean[]): boolean {
  const missing = new Map<string, number[]>();
  let hidden = false;
  const settle = (module: string) => {
    const steps = missing.get(module) ?? [];
    if (steps.length > 0 && steps.reduce((sum, step) => sum + step, 0) === 0) hidden = true;
    missing.delete(module);
  };
  for (const [index, text] of lines.entries()) {
    const event = /module_(get|put|load|free): (\S+)/.exec(text);
    if (event === null) continue;
    const module = event[2]!;
    if (gone[index]) missing.set(module, [...(missing.get(module) ?? []), event[1] === 'get' ? 1 : -1]);
    else settle(module);
  }
  for (const module of [...missing.keys()]) settle(module);
  return hidden;
}

describe.each([1, 5])('a recording that lacks %s percent of its gets and puts, without saying so', (percent) => {
  it.each(scenarios)(
    '%s: no claim of high confidence is wrong, and the counts agree again at the next event',
    (name) => {
      const { lines, whole, holds } = openScenario(name);
      let examined = 0;
      for (let seed = 1; seed <= 30; seed++) {
        const roll = dice(seed * 7_919);
        const gone = lines.map((text) => isCount(text) && roll() * 100 < percent);
        if (!gone.includes(true) || hidesExchange(lines, gone)) continue;
        const rest = readRest(lines, (_, index) => gone[index]!, whole, holds);
        if (rest === undefined) continue;
        examined++;
        expect(disagreements(rest.analysis), `seed ${seed}`).toBe(0);
        const wrong = judge(rest.holds, rest.analysis, ['low', 'medium']).filter(({ verdict }) => verdict === 'wrong');
        expect(wrong, `seed ${seed}`).toEqual([]);
      }
      expect(examined).toBeGreaterThan(1);
    },
  );
});
