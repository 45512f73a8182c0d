import type { BenchResult, SizeResult, TracksResult } from './bench-result.ts';

/** The figures as a Markdown table, one column per recording, and the machine's line. */
export function writeBenchTable({ machine, sizes }: BenchResult): string {
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
      'holds',
      ({ analysis }) => `${count(analysis.holds)}, ${analysis.holdBytesPerEvent.toFixed(1)} bytes per event`,
    ),
    row('10 tracks × 1200 px, everything', ({ view }) => tracks(view.tracksFull)),
    row('… a tenth', ({ view }) => tracks(view.tracksTenth)),
    row('… a thousandth', ({ view }) => tracks(view.tracksThousandth)),
    row('accounting of a module at a time', ({ view }) => ms(view.accountingMs)),
    row('all modules at a time', ({ view }) => ms(view.modulesAtMs)),
    row('new filter of two words', ({ view }) => ms(view.filterMs)),
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
  ];
  const { cpu, cores, memoryGiB, load, system, node, chromium } = machine;
  const browser = chromium === undefined ? '' : `, Chromium ${chromium}`;
  return `${lines.join('\n')}\n\nMachine: ${cpu}, ${cores} cores, ${memoryGiB} GiB, load ${load.toFixed(1)} at the start, ${system}, Node ${node}${browser}.\n`;
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
  return `${value.toFixed(1)}×`;
}

function tracks({ firstMs, p50Ms, p95Ms }: TracksResult): string {
  return `first ${ms(firstMs)}, then ${ms(p50Ms)} / ${ms(p95Ms)}`;
}
