import type { BenchResult, GrowingResult, SizeResult, TracksResult } from './bench-result.ts';

/** The figures as a Markdown table, one column per recording, and the machine's line. */
export function writeBenchTable({ machine, sizes, graph, growing, snapshot }: BenchResult): string {
  const row = (label: string, value: (size: SizeResult) => string) => `| ${label} | ${sizes.map(value).join(' | ')} |`;
  const windowRow = (label: string, value: (window: NonNullable<SizeResult['window']>) => string) =>
    row(label, ({ window }) => (window === undefined ? 'not measured' : value(window)));
  const lines = [
    `| | ${sizes.map(({ events }) => `${count(events)} events`).join(' | ')} |`,
    `| --- | ${sizes.map(() => '---:').join(' | ')} |`,
    row('text', ({ lines, fileBytes }) => `${count(lines)} lines, ${Math.round(fileBytes / 1e6)} MB`),
    row('`wc -l`', ({ tools }) => ms(tools.wcMs)),
    row('`grep -c module_get`', ({ tools }) => ms(tools.grepMs)),
    row('`trace-cmd report` of the same events', ({ tools }) =>
      tools.traceCmdMs === undefined ? 'not measured' : ms(tools.traceCmdMs),
    ),
    row('reading, cold process', ({ reading, ...size }) => `${ms(reading.coldMs)}, ${rate(size, reading.coldMs)}`),
    row('reading, warm', ({ reading, ...size }) => `${ms(reading.warmMs)}, ${rate(size, reading.warmMs)}`),
    row('warm reading ÷ `wc -l`', ({ reading, tools }) => times(reading.warmMs / tools.wcMs)),
    row('warm reading ÷ `grep -c`', ({ reading, tools }) => times(reading.warmMs / tools.grepMs)),
    row('cold reading ÷ `grep -c`', ({ reading, tools }) => times(reading.coldMs / tools.grepMs)),
    row('`trace-cmd report` ÷ cold reading', ({ reading, tools }) =>
      tools.traceCmdMs === undefined ? 'not measured' : times(tools.traceCmdMs / reading.coldMs),
    ),
    row('peak memory of reading', ({ reading }) => `${Math.round(reading.peakMiB)} MiB`),
    row('table, bytes per event', ({ reading }) => reading.tableBytesPerEvent.toFixed(1)),
    row('analysis', ({ analysis, ...size }) => `${ms(analysis.ms)}, ${rate(size, analysis.ms)}`),
    row('analysis ÷ `grep -c`', ({ analysis, tools }) => times(analysis.ms / tools.grepMs)),
    row('peak memory of reading and analysis', ({ analysis }) => `${Math.round(analysis.peakMiB)} MiB`),
    row(
      'look at it while it is recorded, and answers for the screen',
      ({ look }) => `${ms(look.ms)} + ${ms(look.answersMs)}, ${Math.round(look.peakMiB)} MiB`,
    ),
    row(
      'holds',
      ({ analysis }) => `${count(analysis.holds)}, ${analysis.holdBytesPerEvent.toFixed(1)} bytes per event`,
    ),
    row('10 tracks × 1200 px, everything', ({ view }) => tracks(view.tracksFull)),
    row('… a tenth', ({ view }) => tracks(view.tracksTenth)),
    row('… a thousandth', ({ view }) => tracks(view.tracksThousandth)),
    row('accounting of a module at a time', ({ view }) => ms(view.accountingMs)),
    row('all modules at a time', ({ view }) => ms(view.modulesAtMs)),
    row('new filter of two words', ({ view }) => ms(view.filterMs)),
    row('search for a task', ({ view }) => ms(view.searchMs)),
    row('search ÷ `grep -c` of the same', ({ view, tools }) => times(view.searchMs / tools.grepTaskMs)),
    row(
      'statistics of everything, first / again',
      ({ view }) => `${ms(view.statisticsFirstMs)} / ${ms(view.statisticsMs)}`,
    ),
    windowRow('open to first paint of the timeline', ({ openMs }) => ms(openMs)),
    windowRow('longest block of the window’s thread while opening', ({ longestBlockMs }) =>
      longestBlockMs === 0 ? 'below 50 ms' : ms(longestBlockMs),
    ),
    windowRow(
      'frame while panning 10 tracks, p50 / p95',
      ({ panP50Ms, panP95Ms }) => `${ms(panP50Ms)} / ${ms(panP95Ms)}`,
    ),
    windowRow(
      'frame while zooming 10 tracks, p50 / p95',
      ({ zoomP50Ms, zoomP95Ms }) => `${ms(zoomP50Ms)} / ${ms(zoomP95Ms)}`,
    ),
    windowRow(
      'frame while scrolling the list of events, p50 / p95',
      ({ listP50Ms, listP95Ms }) => `${ms(listP50Ms)} / ${ms(listP95Ms)}`,
    ),
  ];
  const { cpu, cores, memoryGiB, load, system, node, chromium } = machine;
  const shown = graph.shownMs === undefined ? '' : `, laid out and shown in ${ms(graph.shownMs)}`;
  const graphs = `The holder graph of ${count(graph.modules)} modules: laid out in ${ms(graph.layoutMs)}${shown}.`;
  const grown = growing === undefined ? '' : `${writeGrowing(growing)}\n\n`;
  const lsof =
    snapshot.lsofCpuMs === undefined
      ? '`lsof` is not installed'
      : `\`lsof -n\` ${ms(snapshot.lsofCpuMs)}, ${times(snapshot.helperCpuMs / snapshot.lsofCpuMs)}`;
  const look = `A snapshot with ${count(snapshot.processes)} processes and ${count(snapshot.files)} open files more: helper ${ms(snapshot.helperCpuMs)} of processor time (${lsof}), read in ${ms(snapshot.readingMs)}.`;
  const browser = chromium === undefined ? '' : `, Chromium ${chromium}`;
  return `${lines.join('\n')}\n\n${graphs}\n\n${look}\n\n${grown}Machine: ${cpu}, ${cores} cores, ${memoryGiB} GiB, load ${load.toFixed(1)} at the start, ${system}, Node ${node}${browser}.\n`;
}

function writeGrowing({ eventToScreenP50Ms, eventToScreenP95Ms, longestBlockMs }: GrowingResult): string {
  const block = longestBlockMs === 0 ? 'below 50 ms' : ms(longestBlockMs);
  return `Event to screen while recording: ${ms(eventToScreenP50Ms)} (p95 ${ms(eventToScreenP95Ms)}). Longest block while recording at 10 k events/s: ${block}.`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function ms(value: number): string {
  if (value >= 1000) return `${(value / 1000).toFixed(2)} s`;
  return value >= 10 ? `${Math.round(value)} ms` : `${value.toFixed(1)} ms`;
}

function rate({ lines }: Pick<SizeResult, 'lines'>, value: number): string {
  return `${(lines / value / 1000).toFixed(1)} M lines/s`;
}

function times(value: number): string {
  return `${value.toFixed(value < 0.1 ? 2 : 1)}×`;
}

function tracks({ firstMs, p50Ms, p95Ms }: TracksResult): string {
  return `first ${ms(firstMs)}, then ${ms(p50Ms)} / ${ms(p95Ms)}`;
}
