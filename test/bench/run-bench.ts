import { execFileSync, spawnSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { writeManyModules } from '../support/write-many-modules.ts';
import type { BenchResult, GraphResult, SizeResult, TracksResult } from './bench-result.ts';
import { measureGrowing } from './measure-growing.ts';
import { measureWindow } from './measure-window.ts';
import { prepareRecording } from './prepare-recording.ts';
import { quantile } from './quantile.ts';
import { timeGraph } from './time-graph.ts';
import { timeSnapshot } from './time-snapshot.ts';
import { writeBenchTable } from './write-bench-table.ts';

const COLD_RUNS = 3;
const WARM_RUNS = 7;
const GRAPH_MODULES = 300;

export interface BenchOptions {
  readonly json: boolean;
  readonly window: boolean;
  /** How many events each recording has. */
  readonly sizes: readonly number[];
}

/** Measures everything once, one thing after the other, and prints it. `folder` holds the bundles and the recordings. */
export async function runBench(folder: string, options: BenchOptions): Promise<void> {
  const load = loadavg()[0]!;
  const sizes: SizeResult[] = [];
  let chromium: string | undefined;
  for (const events of options.sizes) {
    const recording = prepareRecording(folder, events);
    const size = measureSize(folder, recording);
    const window = options.window ? await measureWindow(recording.text) : undefined;
    chromium = window?.chromium;
    sizes.push({ ...size, window: window?.result });
  }
  const graph = await measureGraph(folder, options.window);
  const growing = options.window ? await measureGrowing() : undefined;
  const result: BenchResult = {
    format: 1,
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      load,
      system: `Linux ${release()}`,
      node: process.version,
      chromium,
    },
    sizes,
    graph,
    snapshot: await timeSnapshot(`${folder}/capture-helper`),
    growing,
  };
  process.stdout.write(options.json ? `${JSON.stringify(result, undefined, 2)}\n` : writeBenchTable(result));
}

function measureSize(folder: string, { text, dat }: { text: string; dat: string | undefined }): SizeResult {
  const cold = Array.from({ length: COLD_RUNS }, () => readOnce<ColdReport>(folder, text, 'cold'));
  const warm = readOnce<{ ms: number[] }>(folder, text, 'warm', String(WARM_RUNS));
  const view = readOnce<ViewReport>(folder, text, 'view');
  const looks = readOnce<LookReport>(folder, text, 'grow');
  const [{ events, lines, tableBytes }] = cold as [ColdReport];
  return {
    events,
    lines,
    fileBytes: statSync(text).size,
    tools: {
      wcMs: timeTool('wc', ['-l', text]),
      grepMs: timeTool('grep', ['-c', 'module_get', text]),
      grepTaskMs: timeTool('grep', ['-c', 'systemd-logind', text]),
      traceCmdMs: dat === undefined ? undefined : timeTraceCmd(dat, events),
    },
    reading: {
      coldMs: Math.min(...cold.map(({ ms }) => ms)),
      warmMs: Math.min(...warm.ms),
      peakMiB: Math.max(...cold.map(({ peakMiB }) => peakMiB)),
      tableBytesPerEvent: tableBytes / events,
    },
    analysis: {
      ms: view.analyseMs,
      peakMiB: view.peakMiB,
      holds: view.holds,
      holdBytesPerEvent: view.holdBytes / events,
    },
    look: { ms: Math.min(...looks.ms), answersMs: Math.min(...looks.answersMs), peakMiB: looks.peakMiB },
    view: {
      createMs: view.viewMs,
      summaryMs: view.summaryMs,
      tracksFull: tracksOf(view.view.tracksFull),
      tracksTenth: tracksOf(view.view.tracksTenth),
      tracksThousandth: tracksOf(view.view.tracksThousandth),
      overviewMs: view.view.overview,
      detailMs: quantile(view.view.detail, 0.5),
      accountingMs: quantile(view.view.accounting, 0.5),
      modulesAtMs: quantile(view.view.modulesAt, 0.5),
      filterMs: view.view.filterOther,
      scrollMs: quantile(view.view.filterScroll, 0.5),
      searchMs: view.view.search,
      statisticsFirstMs: view.view.statisticsFirst,
      statisticsMs: quantile(view.view.statistics, 0.5),
    },
    window: undefined,
  };
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
async function measureGraph(folder: string, inBrowser: boolean): Promise<GraphResult> {
  const text = `${folder}/modules-${GRAPH_MODULES}.txt`;
  writeFileSync(text, writeManyModules(GRAPH_MODULES));
  const runs = Array.from({ length: COLD_RUNS }, () =>
    readOnce<{ ms: number; modules: number }>(folder, text, 'graph'),
  );
  const shown: number[] = [];
  for (let run = 0; inBrowser && run < COLD_RUNS; run++) shown.push(await timeGraph(text));
  return {
    modules: runs[0]!.modules,
    layoutMs: Math.min(...runs.map(({ ms }) => ms)),
    shownMs: inBrowser ? Math.min(...shown) : undefined,
  };
}

function readOnce<Report>(folder: string, text: string, ...mode: string[]): Report {
  return JSON.parse(
    execFileSync(process.execPath, [`${folder}/read-once.mjs`, text, ...mode], { encoding: 'utf8' }),
  ) as Report;
}

/** The best of some runs, the starting of the process included, as a person who types it waits for it. */
function timeTool(tool: string, words: readonly string[], runs = 7): number {
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
function timeTraceCmd(dat: string, events: number): number {
  let lines = 0;
  const printed = runTool('trace-cmd', ['report', dat]);
  for (let at = printed.indexOf(10); at >= 0; at = printed.indexOf(10, at + 1)) lines++;
  if (lines !== events + 1) throw new Error(`trace-cmd printed ${lines} lines of ${events} events`);
  return timeTool('trace-cmd', ['report', dat], 3);
}
