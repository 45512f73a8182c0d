import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { createEngine, type Engine } from '../../renderer/ingest/engine.ts';
import { analyse } from '../../shared/analysis/analyse.ts';
import type { Recording } from '../../shared/event-table/recording.ts';
import { createTraceReader } from '../../shared/trace-text/trace-reader.ts';
import { createRecordingView } from '../../shared/view-model/create-recording-view.ts';
import type { RecordingView } from '../../shared/view-model/recording-view.ts';

/*
 * One process that reads one recording and says what it took, as JSON. Started anew for every cold figure, since the
 * first run pays for compiling as a person's first opening does.
 *
 *   node read-once.mjs FILE cold          read once
 *   node read-once.mjs FILE warm RUNS     read once unmeasured, then RUNS times
 *   node read-once.mjs FILE view          read, analyse, and ask what a window asks
 *   node read-once.mjs FILE grow LOOKS    look at it again and again, as while it is recorded
 *   node read-once.mjs FILE graph         read, analyse, and lay out the holder graph at the end
 */

const CHUNK = 1 << 20;
const LOOK_LINES = 100;

function read(path: string): Recording {
  const reader = createTraceReader();
  const file = openSync(path, 'r');
  const chunk = new Uint8Array(CHUNK);
  // As everybody who opens a file does.
  reader.expect(fstatSync(file).size);
  for (let got = readSync(file, chunk); got > 0; got = readSync(file, chunk)) reader.push(chunk.subarray(0, got));
  closeSync(file);
  const outcome = reader.finish();
  if (!outcome.ok) throw new Error(outcome.problem.what);
  return outcome.recording;
}

function timed<T>(work: () => T): { ms: number; value: T } {
  const start = performance.now();
  const value = work();
  return { ms: performance.now() - start, value };
}

/** The peak of this program's memory. That of `getrusage` still knows the program that started it. Source: proc(5) */
function peakMiB(): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024;
}

function bytesOf(table: object): number {
  return Object.values(table).reduce((sum, column) => sum + (ArrayBuffer.isView(column) ? column.byteLength : 0), 0);
}

function runs(count: number, work: (run: number) => void): number[] {
  return Array.from({ length: count }, (_, run) => timed(() => work(run)).ms);
}

const NO_FILTER = { text: '', modules: [] };
const statisticsOf = (to: number) => ({ from: 0, to, modules: [], bins: 120, top: 10 });

function askLikeAWindow(view: RecordingView) {
  const { modules, end } = view.summary();
  const busiest = [...modules]
    .sort((a, b) => b.events - a.events)
    .slice(0, 10)
    .map(({ module }) => module);
  const tracks = (part: number) => ({
    first: timed(() => view.tracks({ modules: busiest, from: 0, to: end * part, width: 1200, maxLanes: 8 })).ms,
    // Moved a little each time, as a hand does.
    again: runs(30, (run) => {
      const from = end * (1 - part) * (run / 30);
      view.tracks({ modules: busiest, from, to: from + end * part, width: 1200, maxLanes: 8 });
    }),
  });
  return {
    tracksFull: tracks(1),
    tracksTenth: tracks(0.1),
    tracksThousandth: tracks(0.001),
    overview: timed(() => view.overview(500, NO_FILTER)).ms,
    detail: runs(10, () => view.detail(busiest[0]!, 0, end, 500)),
    accounting: runs(20, (run) => view.accountingAt(busiest[run % 10]!, (end * run) / 20)),
    modulesAt: runs(20, (run) => view.modulesAt((end * run) / 20)),
    // The search alone, as grep counts the lines of the text.
    search: timed(() => {
      const search = { text: '', search: 'systemd-logind' };
      view.hits(search, undefined);
      view.nextHit(search, { row: undefined, time: 0 }, 1);
    }).ms,
    statisticsFirst: timed(() => view.statistics(statisticsOf(end), NO_FILTER)).ms,
    statistics: runs(7, (run) => view.statistics(statisticsOf(end - run), NO_FILTER)),
    filterFirst: timed(() => view.eventRows({ text: 'get logind', modules: [] }, 0, 50)).ms,
    filterOther: timed(() => view.eventRows({ text: 'put udevd', modules: [] }, 0, 50)).ms,
    filterScroll: runs(20, (run) => view.eventRows({ text: 'put udevd', modules: [] }, run * 50, 50)),
  };
}

const [path, mode, count] = process.argv.slice(2) as [string, string, string?];

if (mode === 'cold') {
  const { ms, value } = timed(() => read(path));
  const { table, lines } = value;
  report({ ms, peakMiB: peakMiB(), lines: lines.total, events: table.length, tableBytes: bytesOf(table) });
} else if (mode === 'warm') {
  let recording = read(path);
  const ms = runs(Number(count), () => {
    recording = read(path);
  });
  report({ ms, events: recording.table.length });
} else if (mode === 'graph') {
  const recording = read(path);
  const view = createRecordingView('bench', recording, analyse(recording.table));
  const { end, modules } = view.summary();
  const query = { time: end, ended: false, centre: undefined, hops: 'all', expanded: [] } as const;
  report({ ms: timed(() => view.holderGraph(query, NO_FILTER)).ms, modules: modules.length });
} else if (mode === 'grow') {
  report({ ...(await growOnce(Number(count))), peakMiB: peakMiB() });
} else {
  const recording = read(path);
  const { ms, value: analysis } = timed(() => analyse(recording.table));
  const analysedMiB = peakMiB();
  const view = timed(() => createRecordingView('bench', recording, analysis));
  const summary = timed(() => view.value.summary());
  report({
    analyseMs: ms,
    peakMiB: analysedMiB,
    holds: analysis.holds.length,
    holdBytes: bytesOf(analysis.holds),
    viewMs: view.ms,
    summaryMs: summary.ms,
    view: askLikeAWindow(view.value),
    viewPeakMiB: peakMiB(),
  });
}

/** Reads but for some last lines, and then those, a hundred at a time, with a look after each, and accounts for them. */
async function growOnce(looks: number) {
  const engine = createEngine();
  const text = readFileSync(path);
  let kept = text.length;
  for (let line = 0; line < looks * LOOK_LINES; line++) kept = text.lastIndexOf(10, kept - 2) + 1;
  for (let at = 0; at < kept; at += CHUNK) engine.push(text.subarray(at, Math.min(kept, at + CHUNK)));
  await engine.look('bench', {}, 'all');
  const ms: number[] = [];
  const answersMs: number[] = [];
  const accountMs: number[] = [];
  for (let at = kept; at < text.length; ) {
    let end = at;
    for (let line = 0; line < LOOK_LINES && end < text.length; line++) end = text.indexOf(10, end) + 1;
    engine.push(text.subarray(at, end));
    at = end;
    ms.push((await engine.look('bench', {})).costMs);
    answersMs.push(timed(() => askForTheScreen(engine)).ms);
    accountMs.push(await engine.account());
    await engine.look('bench', {}, 'shown');
  }
  return { ms, answersMs, accountMs };
}

/** What the regions of a window ask after a look, while it follows the last thirty seconds. */
function askForTheScreen(engine: Engine): void {
  const { modules, end } = engine.ask('summary', []);
  const names = modules.slice(0, 10).map(({ module }) => module);
  const count = engine.ask('eventCount', [NO_FILTER]);
  engine.ask('modulesAt', [end]);
  engine.ask('accountingAt', [names[0]!, end]);
  engine.ask('tracks', [{ modules: names, from: end - 30e9, to: end, width: 1200, maxLanes: 8 }]);
  engine.ask('overview', [300, NO_FILTER]);
  engine.ask('eventRows', [NO_FILTER, count - 64, 64]);
  engine.ask('eventPositionAt', [NO_FILTER, end]);
  engine.ask('storms', []);
}

function report(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
