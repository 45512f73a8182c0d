import { execFileSync, spawnSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import type { Crowd } from '../support/write-crowd.ts';
import { writeManyModules } from '../support/write-many-modules.ts';
import type {
  AnalysisResult,
  BenchResult,
  LookingResult,
  LookResult,
  ReadingResult,
  SizeResult,
  ToolsResult,
  TracksResult,
  ViewResult,
} from './bench-result.ts';
import { measureGrowing } from './measure-growing.ts';
import { measureLooking } from './measure-looking.ts';
import { measureGestures, measureOpening } from './measure-window.ts';
import { type PreparedRecording, prepareRecording } from './prepare-recording.ts';
import { quantile } from './quantile.ts';
import { timeGraph } from './time-graph.ts';
import { timeSnapshot } from './time-snapshot.ts';
import {
  sizeRows,
  writeBenchTable,
  writeGraph,
  writeGrowing,
  writeLooking,
  writeSnapshot,
} from './write-bench-table.ts';

const COLD_RUNS = 3;
/** Recordings of more events are measured fewer times. */
const LARGE = 2_000_000;
const GRAPH_MODULES = 300;
/** An ordinary system, and one as extreme as there are. */
const CROWDS: readonly Crowd[] = [
  { processes: 300, files: 5_100, mounts: 40, modules: 100 },
  { processes: 3_000, files: 100_000, mounts: 10_000, modules: 500 },
];

export interface BenchOptions {
  readonly json: boolean;
  readonly window: boolean;
  /** A look of a real kernel, as the helper wrote it. */
  readonly look: string;
  /** How many events each recording has. */
  readonly sizes: readonly number[];
}

/**
 * Measures everything once, one thing after the other, and prints it. `folder` holds the bundles and the recordings.
 *
 * Each figure is told on stderr as soon as it is known, and all of them on stdout in the end. What fails is told as
 * well, and ends nothing but itself.
 *
 * @returns whether everything was measured
 */
export async function runBench(folder: string, options: BenchOptions): Promise<boolean> {
  const load = loadavg()[0]!;
  let failures = 0;
  const attempt = async <T>(what: string, measure: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await measure();
    } catch (error) {
      failures++;
      tell(`${what} failed: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  };

  const sizes: SizeResult[] = [];
  for (const events of options.sizes) {
    const name = `${events.toLocaleString('en-US')} events`;
    let size: SizeResult = { events };
    const recording = await attempt(`${name}: making the recording`, () => prepareRecording(folder, events));
    const steps = recording === undefined ? [] : stepsOf(folder, recording, events, options.window);
    for (const [what, measure] of steps) {
      const before = size;
      size = { ...before, ...(await attempt(`${name}: ${what}`, () => measure(before))) };
      for (const { label, value } of sizeRows) {
        const text = value(size);
        if (text !== undefined && value(before) === undefined) tell(`${name}: ${label}: ${text}`);
      }
    }
    sizes.push(size);
  }

  const layout = await attempt('laying out the holder graph', () => measureGraph(folder));
  const shownMs = options.window ? await attempt('showing the holder graph', () => timeGraphs(folder)) : undefined;
  const graph = layout === undefined ? undefined : { ...layout, shownMs };
  if (graph !== undefined) tell(writeGraph(graph));
  const snapshot = await attempt('the snapshot', () => timeSnapshot(`${folder}/capture-helper`));
  if (snapshot !== undefined) tell(writeSnapshot(snapshot));
  const looking: LookingResult[] = [];
  for (const crowd of options.window ? CROWDS : []) {
    const look = await attempt('looking again and again', () => measureLooking(options.look, crowd));
    if (look === undefined) continue;
    looking.push(look);
    tell(writeLooking(look));
  }
  const growing = options.window ? await attempt('following a recording', measureGrowing) : undefined;
  if (growing !== undefined) tell(writeGrowing(growing));
  const result: BenchResult = {
    format: 1,
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      load,
      system: `Linux ${release()}`,
      node: process.version,
      chromium: sizes.find(({ opening }) => opening !== undefined)?.opening?.chromium,
    },
    sizes,
    graph,
    snapshot,
    looking,
    growing,
  };
  process.stdout.write(options.json ? `${JSON.stringify(result, undefined, 2)}\n` : writeBenchTable(result));
  return failures === 0;
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

type Step = readonly [what: string, measure: (size: SizeResult) => Partial<SizeResult> | Promise<Partial<SizeResult>>];

/** What is measured of one recording. */
function stepsOf(folder: string, { text, dat }: PreparedRecording, events: number, window: boolean): readonly Step[] {
  const large = events > LARGE;
  const steps: Step[] = [
    ['the tools', () => ({ tools: measureTools(text, large) })],
    ['reading', () => measureReading(folder, text, large)],
    [
      'trace-cmd',
      (size) => ({ traceCmdMs: dat === undefined ? undefined : timeTraceCmd(dat, size.events, large ? 1 : 2) }),
    ],
    ['analysis', (size) => measureAnalysis(folder, text, size.events)],
    ['looking while it is recorded', () => ({ look: measureLooks(folder, text, large) })],
  ];
  if (!window) return steps;
  return [
    ...steps,
    ['opening', async () => ({ opening: await measureOpening(text) })],
    ['panning, zooming and scrolling', async () => ({ gestures: await measureGestures(text) })],
  ];
}

function measureTools(text: string, large: boolean): ToolsResult {
  const runs = large ? 3 : 7;
  return {
    fileBytes: statSync(text).size,
    wcMs: timeTool('wc', ['-l', text], runs),
    grepMs: timeTool('grep', ['-c', 'module_get', text], runs),
    grepTaskMs: timeTool('grep', ['-c', 'systemd-logind', text], runs),
  };
}

/** Also tells how many events there really are: the generator ends what it has begun. */
function measureReading(folder: string, text: string, large: boolean): { events: number; reading: ReadingResult } {
  const cold = Array.from({ length: large ? 1 : COLD_RUNS }, () => readOnce<ColdReport>(folder, text, 'cold'));
  const warm = readOnce<{ ms: number[] }>(folder, text, 'warm', large ? '3' : '7');
  const { events, lines, tableBytes } = cold[0]!;
  return {
    events,
    reading: {
      lines,
      coldMs: Math.min(...cold.map(({ ms }) => ms)),
      warmMs: Math.min(...warm.ms),
      peakMiB: Math.max(...cold.map(({ peakMiB }) => peakMiB)),
      tableBytesPerEvent: tableBytes / events,
    },
  };
}

function measureAnalysis(folder: string, text: string, events: number): { analysis: AnalysisResult; view: ViewResult } {
  const report = readOnce<ViewReport>(folder, text, 'view');
  const { view } = report;
  return {
    analysis: {
      ms: report.analyseMs,
      peakMiB: report.peakMiB,
      holds: report.holds,
      holdBytesPerEvent: report.holdBytes / events,
    },
    view: {
      createMs: report.viewMs,
      summaryMs: report.summaryMs,
      tracksFull: tracksOf(view.tracksFull),
      tracksTenth: tracksOf(view.tracksTenth),
      tracksThousandth: tracksOf(view.tracksThousandth),
      overviewMs: view.overview,
      detailMs: quantile(view.detail, 0.5),
      accountingMs: quantile(view.accounting, 0.5),
      modulesAtMs: quantile(view.modulesAt, 0.5),
      filterMs: view.filterOther,
      scrollMs: quantile(view.filterScroll, 0.5),
      searchMs: view.search,
      statisticsFirstMs: view.statisticsFirst,
      statisticsMs: quantile(view.statistics, 0.5),
    },
  };
}

function measureLooks(folder: string, text: string, large: boolean): LookResult {
  const looks = readOnce<LookReport>(folder, text, 'grow', large ? '2' : '6');
  const [ms, answersMs, accountMs] = [looks.ms, looks.answersMs, looks.accountMs].map((all) => Math.min(...all));
  return { ms: ms!, answersMs: answersMs!, accountMs: accountMs!, peakMiB: looks.peakMiB };
}

interface ColdReport {
  readonly ms: number;
  readonly peakMiB: number;
  readonly lines: number;
  readonly events: number;
  readonly tableBytes: number;
}

interface LookReport {
  readonly ms: readonly number[];
  readonly answersMs: readonly number[];
  readonly accountMs: readonly number[];
  readonly peakMiB: number;
}

interface ViewReport {
  readonly analyseMs: number;
  readonly peakMiB: number;
  readonly holds: number;
  readonly holdBytes: number;
  readonly viewMs: number;
  readonly summaryMs: number;
  readonly view: {
    readonly tracksFull: Tracks;
    readonly tracksTenth: Tracks;
    readonly tracksThousandth: Tracks;
    readonly overview: number;
    readonly detail: number[];
    readonly accounting: number[];
    readonly modulesAt: number[];
    readonly filterOther: number;
    readonly filterScroll: number[];
    readonly search: number;
    readonly statisticsFirst: number;
    readonly statistics: number[];
  };
}

interface Tracks {
  readonly first: number;
  readonly again: number[];
}

function tracksOf({ first, again }: Tracks): TracksResult {
  return { firstMs: first, p50Ms: quantile(again, 0.5), p95Ms: quantile(again, 0.95) };
}

/** The holder graph of a recording with many modules, the best of some runs. */
function measureGraph(folder: string): { modules: number; layoutMs: number } {
  const text = writeModules(folder);
  const runs = Array.from({ length: COLD_RUNS }, () =>
    readOnce<{ ms: number; modules: number }>(folder, text, 'graph'),
  );
  return { modules: runs[0]!.modules, layoutMs: Math.min(...runs.map(({ ms }) => ms)) };
}

async function timeGraphs(folder: string): Promise<number> {
  const text = writeModules(folder);
  const shown: number[] = [];
  for (let run = 0; run < COLD_RUNS; run++) shown.push(await timeGraph(text));
  return Math.min(...shown);
}

function writeModules(folder: string): string {
  const text = `${folder}/modules-${GRAPH_MODULES}.txt`;
  writeFileSync(text, writeManyModules(GRAPH_MODULES));
  return text;
}

function readOnce<Report>(folder: string, text: string, ...mode: string[]): Report {
  return JSON.parse(
    execFileSync(process.execPath, [`${folder}/read-once.mjs`, text, ...mode], { encoding: 'utf8' }),
  ) as Report;
}

/** The best of some runs, the starting of the process included, as a person who types it waits for it. */
function timeTool(tool: string, words: readonly string[], runs: number): number {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    runTool(tool, words);
    return performance.now() - start;
  });
  return Math.min(...times);
}

/** Its output goes through a pipe: grep stops at its first hit when that is /dev/null. */
function runTool(tool: string, words: readonly string[]): Buffer {
  const { status, error, stdout } = spawnSync(tool, words, { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 31 });
  if (error !== undefined || status !== 0) throw new Error(`${tool} failed: ${error?.message ?? status}`);
  return stdout;
}

/** `trace-cmd report` of as many events as the text has; anything else would be a comparison with something else. */
function timeTraceCmd(dat: string, events: number, runs: number): number {
  return Math.min(
    ...Array.from({ length: runs }, () => {
      const start = performance.now();
      const printed = runTool('trace-cmd', ['report', dat]);
      const ms = performance.now() - start;
      let lines = 0;
      for (let at = printed.indexOf(10); at >= 0; at = printed.indexOf(10, at + 1)) lines++;
      if (lines !== events + 1) throw new Error(`trace-cmd printed ${lines} lines of ${events} events`);
      return ms;
    }),
  );
}
