import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { checkCounts, judge, readGroundTruth, timeHolds, type Verdict } from '../../support/ground-truth.ts';
import { type ReadFixtureOptions, readFixture, recordingOf } from '../../support/read-fixture.ts';

vi.setConfig({ testTimeout: 120_000 });

const folder = new URL('../../fixtures/recordings/', import.meta.url);
const scenarios = readdirSync(folder).filter((name) => existsSync(new URL(`${name}/ground-truth.json`, folder)));

/** A text of a scenario, packed or not; undefined where the scenario has none. */
function find(scenario: string, form: string): string | undefined {
  return [form, `${form}.gz`]
    .map((name) => `recordings/${scenario}/${name}`)
    .find((name) => existsSync(new URL(`../${name}`, folder)));
}

function tally(verdicts: readonly Verdict[]) {
  const count = (verdict: Verdict['verdict']) => verdicts.filter((each) => each.verdict === verdict).length;
  return { expected: verdicts.length, right: count('right'), wrong: count('wrong'), unknown: count('unknown') };
}

function examine(scenario: string, form: string, options: ReadFixtureOptions = {}) {
  const truth = readGroundTruth(scenario);
  const clocked = recordingOf(readFixture(find(scenario, 'late/trace.mono.txt')!)).table;
  const analysis = analyse(recordingOf(readFixture(find(scenario, form)!, options)).table);
  const verdicts = judge(timeHolds(truth, clocked, analysis.table), analysis);
  const counts = checkCounts(truth, clocked, analysis);
  return {
    verdicts,
    counts,
    told: tally(verdicts),
    equal: counts.filter(({ expected, told }) => expected === told).length,
  };
}

/** Holds told right from the text that was read while it happened; a regression lowers one of these. */
const rightLive: Record<string, number> = {
  af_alg: 5,
  block: 5,
  'comm-names': 1,
  fail: 0,
  force: 1,
  'generic-main': 5,
  'generic-rt': 5,
  handover: 4,
  kinds: 4,
  'late-start': 2,
  'loop-mount': 6,
  net: 2,
  nft: 6,
  observer: 0,
  request: 2,
  smp: 0,
  storm: 0,
  testmod: 0,
  'testmod-held': 2,
  tun: 3,
  vkms: 1,
};

/** What a text that was resolved late cannot tell: symbols of unloaded code are addresses, or names of other code. */
const unknownLate: Record<string, readonly string[]> = {
  'late/trace.txt': ['force h1', 'loop-mount m1l', 'loop-mount lo1', 'tun t1', 'tun tp'],
  'late/trace.mono.txt': ['force h1', 'loop-mount m1l', 'loop-mount lo1', 'tun t1', 'tun tp'],
};
const unknownReported = ['force h1'];

const live = scenarios.filter(
  (scenario) => find(scenario, 'live/trace_pipe.txt') && find(scenario, 'late/trace.mono.txt'),
);
const table: string[] = [];

describe('who really held what, from the text that was read while it happened', () => {
  it('covers every scenario that has such a text', () => {
    expect(live.sort()).toEqual(Object.keys(rightLive).sort());
  });

  it.each(live)('%s: everybody is told right, nobody wrong, and every count that was read is equal', (scenario) => {
    const { verdicts, counts, told, equal } = examine(scenario, 'live/trace_pipe.txt');
    table.push(
      `| ${scenario} | ${told.expected} | ${told.right} | ${told.wrong} | ${told.unknown} | ${equal} of ${counts.length} |`,
    );
    expect(verdicts.filter(({ verdict }) => verdict === 'wrong')).toEqual([]);
    expect(counts.filter(({ expected, told }) => expected !== told)).toEqual([]);
    expect(told.right).toBe(rightLive[scenario]);
    expect(told.unknown).toBe(0);
  });

  afterAll(() => {
    const out = new URL('../../../out/', import.meta.url);
    mkdirSync(out, { recursive: true });
    const head =
      '| recording | holders expected | told right | told wrong | said to be unknown | lsmod counts equal |\n| --- | --- | --- | --- | --- | --- |';
    writeFileSync(new URL('ground-truth-table.md', out), `${head}\n${table.sort().join('\n')}\n`);
  });
});

const forms = [
  'live/trace_pipe.tgid.txt',
  'live/trace_pipe.stack.txt',
  'late/trace.txt',
  'late/trace.mono.txt',
  'late/trace.latency.txt',
  'late/trace.latency.tgid.txt',
  'late/trace_pipe.latency.txt',
  'late/trace.noirq-info.txt',
  'late/trace.clock-mono.txt',
  'late/trace.clock-boot.txt',
  'late/trace.clock-x86-tsc.txt',
  'late/trace.clock-counter.txt',
  'late/trace.clock-uptime.txt',
  'late/trace.clock-global.txt',
  'late/trace.clock-perf.txt',
  'late/trace.clock-mono_raw.txt',
  'late/trace.clock-tai.txt',
  'report/report.txt',
  'report/report.ns.txt',
  'report/report.raw.txt',
  'report/report.latency.txt',
  'report/report.ts-diff.txt',
  'report/report.raw-ts.txt',
  'report/report.align-ts.txt',
];

describe('the same answers from every text form of a recording', () => {
  it.each(forms)('%s', (form) => {
    const here = live.filter((scenario) => find(scenario, form) !== undefined);
    expect(here.length).toBeGreaterThanOrEqual(6);
    const unknown: string[] = [];
    for (const scenario of here) {
      const { verdicts, counts, told } = examine(scenario, form);
      expect(
        verdicts.filter(({ verdict }) => verdict === 'wrong'),
        scenario,
      ).toEqual([]);
      expect(
        counts.filter((each) => each.expected !== each.told),
        scenario,
      ).toEqual([]);
      expect(told.right + told.unknown, scenario).toBe(rightLive[scenario]);
      unknown.push(...verdicts.filter(({ verdict }) => verdict === 'unknown').map(({ id }) => `${scenario} ${id}`));
    }
    const allowed = unknownLate[form] ?? (form.startsWith('report/') ? unknownReported : []);
    expect(unknown.sort()).toEqual([...allowed].sort());
  });

  it.each([1, 7])('and when the text comes in chunks of %s bytes', (chunkBytes) => {
    for (const scenario of live.filter((name) => name !== 'storm' && name !== 'smp')) {
      const { told } = examine(scenario, 'live/trace_pipe.txt', { chunkBytes });
      expect(told, scenario).toEqual({
        expected: rightLive[scenario],
        right: rightLive[scenario],
        wrong: 0,
        unknown: 0,
      });
    }
  });
});
