import type {
  BenchResult,
  GesturesResult,
  GraphResult,
  GrowingResult,
  LookingResult,
  OpeningResult,
  SizeResult,
  SnapshotBenchResult,
  TracksResult,
  ViewResult,
} from './bench-result.ts';

/** A row of the table. */
export interface SizeRow {
  readonly label: string;
  /** Undefined while it is not measured. */
  readonly value: (size: SizeResult) => string | undefined;
}

const viewRow = (label: string, value: (view: ViewResult) => string): SizeRow => ({
  label,
  value: ({ view }) => (view === undefined ? undefined : value(view)),
});
const openingRow = (label: string, value: (opening: OpeningResult) => string): SizeRow => ({
  label,
  value: ({ opening }) => (opening === undefined ? undefined : value(opening)),
});
const gesturesRow = (label: string, value: (gestures: GesturesResult) => string): SizeRow => ({
  label,
  value: ({ gestures }) => (gestures === undefined ? undefined : value(gestures)),
});

/** What is told of each recording. */
export const sizeRows: readonly SizeRow[] = [
  {
    label: 'text',
    value: ({ reading, tools }) =>
      reading && tools && `${count(reading.lines)} lines, ${Math.round(tools.fileBytes / 1e6)} MB`,
  },
  { label: '`wc -l`', value: ({ tools }) => tools && ms(tools.wcMs) },
  { label: '`grep -c module_get`', value: ({ tools }) => tools && ms(tools.grepMs) },
  {
    label: '`trace-cmd report` of the same events',
    value: ({ traceCmdMs }) => (traceCmdMs === undefined ? undefined : ms(traceCmdMs)),
  },
  {
    label: 'reading, cold process',
    value: ({ reading }) => reading && `${ms(reading.coldMs)}, ${rate(reading.lines, reading.coldMs)}`,
  },
  {
    label: 'reading, warm',
    value: ({ reading }) => reading && `${ms(reading.warmMs)}, ${rate(reading.lines, reading.warmMs)}`,
  },
  {
    label: 'warm reading ÷ `wc -l`',
    value: ({ reading, tools }) => reading && tools && times(reading.warmMs / tools.wcMs),
  },
  {
    label: 'warm reading ÷ `grep -c`',
    value: ({ reading, tools }) => reading && tools && times(reading.warmMs / tools.grepMs),
  },
  {
    label: 'cold reading ÷ `grep -c`',
    value: ({ reading, tools }) => reading && tools && times(reading.coldMs / tools.grepMs),
  },
  {
    label: '`trace-cmd report` ÷ cold reading',
    value: ({ reading, traceCmdMs }) =>
      reading && (traceCmdMs === undefined ? undefined : times(traceCmdMs / reading.coldMs)),
  },
  { label: 'peak memory of reading', value: ({ reading }) => reading && `${Math.round(reading.peakMiB)} MiB` },
  { label: 'table, bytes per event', value: ({ reading }) => reading?.tableBytesPerEvent.toFixed(1) },
  {
    label: 'analysis',
    value: ({ analysis, events }) => analysis && `${ms(analysis.ms)}, ${rate(events, analysis.ms)}`,
  },
  {
    label: 'analysis ÷ `grep -c`',
    value: ({ analysis, tools }) => analysis && tools && times(analysis.ms / tools.grepMs),
  },
  {
    label: 'peak memory of reading and analysis',
    value: ({ analysis }) => analysis && `${Math.round(analysis.peakMiB)} MiB`,
  },
  {
    label: 'look at it while it is recorded, and answers for the screen',
    value: ({ look }) => look && `${ms(look.ms)} + ${ms(look.answersMs)}`,
  },
  {
    label: 'accounting for it behind that, and peak memory',
    value: ({ look }) => look && `${ms(look.accountMs)}, ${Math.round(look.peakMiB)} MiB`,
  },
  {
    label: 'holds',
    value: ({ analysis }) =>
      analysis && `${count(analysis.holds)}, ${analysis.holdBytesPerEvent.toFixed(1)} bytes per event`,
  },
  viewRow('10 tracks × 1200 px, everything', ({ tracksFull }) => tracks(tracksFull)),
  viewRow('… a tenth', ({ tracksTenth }) => tracks(tracksTenth)),
  viewRow('… a thousandth', ({ tracksThousandth }) => tracks(tracksThousandth)),
  viewRow('accounting of a module at a time', ({ accountingMs }) => ms(accountingMs)),
  viewRow('all modules at a time', ({ modulesAtMs }) => ms(modulesAtMs)),
  viewRow('new filter of two words', ({ filterMs }) => ms(filterMs)),
  viewRow('search for a task', ({ searchMs }) => ms(searchMs)),
  {
    label: 'search ÷ `grep -c` of the same',
    value: ({ view, tools }) => view && tools && times(view.searchMs / tools.grepTaskMs),
  },
  viewRow(
    'statistics of everything, first / again',
    ({ statisticsFirstMs, statisticsMs }) => `${ms(statisticsFirstMs)} / ${ms(statisticsMs)}`,
  ),
  openingRow('open to first paint of refcounts and rows', ({ shownMs }) => ms(shownMs)),
  openingRow('open until all is accounted for', ({ openMs }) => ms(openMs)),
  openingRow('longest block of the window’s thread while opening', ({ longestBlockMs }) => block(longestBlockMs)),
  gesturesRow(
    'frame while panning 10 tracks, p50 / p95',
    ({ panP50Ms, panP95Ms }) => `${ms(panP50Ms)} / ${ms(panP95Ms)}`,
  ),
  gesturesRow(
    'frame while zooming 10 tracks, p50 / p95',
    ({ zoomP50Ms, zoomP95Ms }) => `${ms(zoomP50Ms)} / ${ms(zoomP95Ms)}`,
  ),
  gesturesRow(
    'frame while scrolling the list of events, p50 / p95',
    ({ listP50Ms, listP95Ms }) => `${ms(listP50Ms)} / ${ms(listP95Ms)}`,
  ),
];

/** The figures as a Markdown table, one column per recording, and the machine's line. */
export function writeBenchTable({ machine, sizes, graph, growing, looking, snapshot }: BenchResult): string {
  const lines = [
    `| | ${sizes.map(({ events }) => `${count(events)} events`).join(' | ')} |`,
    `| --- | ${sizes.map(() => '---:').join(' | ')} |`,
    ...sizeRows.map(
      ({ label, value }) => `| ${label} | ${sizes.map((size) => value(size) ?? 'not measured').join(' | ')} |`,
    ),
  ];
  const { cpu, cores, memoryGiB, load, system, node, chromium } = machine;
  const browser = chromium === undefined ? '' : `, Chromium ${chromium}`;
  return [
    lines.join('\n'),
    graph && writeGraph(graph),
    snapshot && writeSnapshot(snapshot),
    ...looking.map(writeLooking),
    growing && writeGrowing(growing),
    `Machine: ${cpu}, ${cores} cores, ${memoryGiB} GiB, load ${load.toFixed(1)} at the start, ${system}, Node ${node}${browser}.\n`,
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

export function writeGraph({ modules, layoutMs, shownMs }: GraphResult): string {
  const shown = shownMs === undefined ? '' : `, laid out and shown in ${ms(shownMs)}`;
  return `The holder graph of ${count(modules)} modules: laid out in ${ms(layoutMs)}${shown}.`;
}

export function writeSnapshot(snapshot: SnapshotBenchResult): string {
  const { processes, files, helperCpuMs, lsofCpuMs, readingMs } = snapshot;
  const lsof =
    lsofCpuMs === undefined
      ? '`lsof` is not installed'
      : `\`lsof -n\` ${ms(lsofCpuMs)}, ${times(helperCpuMs / lsofCpuMs)}`;
  return `A snapshot with ${count(processes)} processes and ${count(files)} open files more: helper ${ms(helperCpuMs)} of processor time (${lsof}), read in ${ms(readingMs)}.`;
}

export function writeLooking(looking: LookingResult): string {
  const { processes, files, mounts, modules, lookMs, longestBlockMs, longestPieceMs, scrollP95Ms, typingP95Ms } =
    looking;
  const system = `${count(processes)} processes, ${count(files)} open files, ${count(mounts)} mounts and ${count(modules)} modules more`;
  return `Looking at a system with ${system}: ${ms(lookMs)} until it is shown; longest task of the window’s thread ${ms(longestBlockMs)} of processor time, of the worker ${ms(longestPieceMs)}; frames during looks, p95: scrolling ${ms(scrollP95Ms)}, typing ${ms(typingP95Ms)}.`;
}

export function writeGrowing({ eventToScreenP50Ms, eventToScreenP95Ms, longestBlockMs, large }: GrowingResult): string {
  return [
    `Event to screen while recording: ${ms(eventToScreenP50Ms)} (p95 ${ms(eventToScreenP95Ms)}). Longest block while recording at 10 k events/s: ${block(longestBlockMs)}.`,
    ...large.map(
      ({ events, rowP50Ms, rowP95Ms, accountedP50Ms, accountedP95Ms }) =>
        `With ${count(events)} events there: event to screen ${ms(rowP50Ms)} (p95 ${ms(rowP95Ms)}), accounted for after ${ms(accountedP50Ms)} (p95 ${ms(accountedP95Ms)}).`,
    ),
  ].join(' ');
}

/** A browser does not report shorter ones. */
function block(longest: number): string {
  return longest === 0 ? 'below 50 ms' : ms(longest);
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function ms(value: number): string {
  if (value >= 1000) return `${(value / 1000).toFixed(2)} s`;
  return value >= 10 ? `${Math.round(value)} ms` : `${value.toFixed(1)} ms`;
}

function rate(lines: number, value: number): string {
  return `${(lines / value / 1000).toFixed(1)} M lines/s`;
}

function times(value: number): string {
  return `${value.toFixed(value < 0.1 ? 2 : 1)}×`;
}

function tracks({ firstMs, p50Ms, p95Ms }: TracksResult): string {
  return `first ${ms(firstMs)}, then ${ms(p50Ms)} / ${ms(p95Ms)}`;
}
