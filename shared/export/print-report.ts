import { accountFor } from '../analysis/account-for.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { printTime } from '../event-table/clock.ts';
import type { Recording } from '../event-table/recording.ts';
import type { LineNumber, RecordingTime } from '../units.ts';
import { printSpan } from '../view-model/print-span.ts';
import { type RecordedCommand, unnamedCommand } from '../view-model/recorded-command.ts';
import { escapeTerminal } from './escape-terminal.ts';
import { explainText } from './explain-text.ts';
import { printEventLine } from './print-event-line.ts';
import { fenceMarkdown, linkMarkdown, spanMarkdown } from './quote-markdown.ts';

export interface ReportOptions {
  /** The recording's file, by name. */
  readonly name: string;
  /** Of the file as it lies there, in hex. */
  readonly sha256: string | undefined;
  /** Empty where nothing is held, which is then what the report says. */
  readonly modules: readonly string[];
  readonly at: RecordingTime;
  /** A picture that lies beside the report, by its path from there. */
  readonly picture: string | undefined;
  readonly notes: readonly { readonly time: RecordingTime; readonly text: string }[];
  /** What was run in the terminal meanwhile. */
  readonly commands: readonly RecordedCommand[];
}

/** Evidence that is printed line by line, per module; the rest is counted. */
const MOST_LINES = 60;
const MOST_FINDINGS = 20;
const MOST_COMMANDS = 100;

/**
 * An investigation as Markdown, to be pasted into a bug report or a mail: it reads well as plain text, and what
 * strangers chose stands in code, where it links, mentions and formats nothing.
 */
export function printReport(recording: Recording, analysis: Analysis, options: ReportOptions): string {
  const { modules, at, picture } = options;
  const when = printTime(analysis.table.clock, at);
  const parts = [
    modules.length === 0 ? '# No kernel module is held' : `# Who holds ${modules.map(spanMarkdown).join(', ')}?`,
    `As of ${when}${unitOf(analysis)} in the recording ${spanMarkdown(options.name)}.`,
    ...(picture === undefined ? [] : [`![Timeline of the references and their holders](${linkMarkdown(picture)})`]),
    ...modules.flatMap((module) => reportModule(recording, analysis, module, at)),
    ...reportNotes(analysis, options.notes),
    ...reportCommands(analysis, options.commands),
    '## Recording',
    listFacts(recording, analysis, options)
      .map((fact) => `* ${fact}`)
      .join('\n'),
    ...reportCautions(recording, analysis),
    'Written by ModShark from the `module:` trace events of the kernel. References are counted as lsmod counts them: the printed refcount without the one that the kernel itself keeps.',
  ];
  return `${parts.join('\n\n')}\n`;
}

function reportModule(recording: Recording, analysis: Analysis, module: string, at: RecordingTime): string[] {
  const { holders } = accountFor(analysis, module, at);
  const lines = [...new Set(holders.flatMap((holder) => holder.lines))].sort((a, b) => a - b);
  const told = printLines(analysis, lines.slice(0, MOST_LINES));
  const more = lines.length > MOST_LINES ? [`… and ${lines.length - MOST_LINES} more`] : [];
  return [
    `## ${spanMarkdown(module)}`,
    fenceMarkdown(explainText(recording, analysis, module, at)),
    ...(lines.length === 0
      ? []
      : ['The events that say so, with their line in the recording:', fenceMarkdown([...told, ...more].join('\n'))]),
  ];
}

/** The events on some lines, in order. */
function printLines({ table }: Analysis, lines: readonly LineNumber[]): string[] {
  const wanted = new Set(lines);
  const width = String(lines.at(-1) ?? '').length;
  const printed = new Map<LineNumber, string>();
  for (let row = 0; row < table.length; row++)
    if (wanted.has(table.line[row]!)) printed.set(table.line[row]!, escapeTerminal(printEventLine(table, row)));
  return lines.map((line) => `${String(line).padStart(width)}: ${printed.get(line) ?? ''}`);
}

function reportNotes(analysis: Analysis, notes: ReportOptions['notes']): string[] {
  if (notes.length === 0) return [];
  const sorted = [...notes].sort((a, b) => a.time - b.time);
  return [
    '## Notes',
    ...sorted.flatMap(({ time, text }) => [
      `At ${printTime(analysis.table.clock, time)}${unitOf(analysis)}:`,
      fenceMarkdown(text.split('\n').map(escapeTerminal).join('\n')),
    ]),
  ];
}

function reportCommands(analysis: Analysis, commands: ReportOptions['commands']): string[] {
  if (commands.length === 0) return [];
  const { clock } = analysis.table;
  const lines = commands.slice(-MOST_COMMANDS).map(({ from, until, line, exitCode }) => {
    const took = until > from && Number.isFinite(until) ? ` for ${printSpan(clock, until - from)}` : '';
    const end = exitCode === undefined ? '' : `, exit code ${exitCode}`;
    const text = line.split('\n').map(escapeTerminal).join('\n    ') || unnamedCommand;
    return `${printTime(clock, from)}${took}${end}: ${text}`;
  });
  const earlier = commands.length > MOST_COMMANDS ? [`${commands.length - MOST_COMMANDS} earlier ones …`] : [];
  return ['## Commands', 'Run in the terminal meanwhile:', fenceMarkdown([...earlier, ...lines].join('\n'))];
}

function listFacts({ lines, dialect }: Recording, analysis: Analysis, { name, sha256 }: ReportOptions): string[] {
  const { table, refcounts } = analysis;
  const end = table.length === 0 ? 0 : table.time[table.length - 1]!;
  const unit = unitOf(analysis);
  return [
    `File: ${spanMarkdown(name)}${sha256 === undefined ? '' : `, SHA-256 \`${sha256}\``}`,
    `Read as: ${spanMarkdown(dialect)}`,
    `Events: ${table.length}, from ${printTime(table.clock, 0)}${unit} to ${printTime(table.clock, end)}${unit}`,
    `Lines: ${lines.total} = ${lines.events} events + ${lines.stack} of stack traces + ${lines.other} of other events + ${lines.headers} headers + ${lines.blank} blank + ${lines.rejected} rejected`,
    `Lost events: ${countLost(analysis)}`,
    refcounts === 'absolute'
      ? 'Refcounts: use counts'
      : 'Refcounts: of one CPU each (kernel before 3.19), which are no use counts',
  ];
}

function countLost({ table: { lost } }: Analysis): string {
  if (lost.length === 0) return 'none reported';
  const sum = lost.reduce((all, { count }) => all + Math.max(0, count), 0);
  const places = `in ${lost.length} ${lost.length === 1 ? 'place' : 'places'}`;
  return lost.some(({ count }) => count < 0) ? `at least ${sum}, ${places}` : `${sum}, ${places}`;
}

function reportCautions({ notices }: Recording, { findings }: Analysis): string[] {
  const told = findings
    .slice(0, MOST_FINDINGS)
    .map(({ text, module }) => (module === undefined ? text : `${module}: ${text}`));
  const more = findings.length > MOST_FINDINGS ? [`… and ${findings.length - MOST_FINDINGS} more`] : [];
  const all = [...notices, ...told, ...more];
  return all.length === 0 ? [] : ['## Cautions', fenceMarkdown(all.map(escapeTerminal).join('\n'))];
}

function unitOf({ table }: Analysis): string {
  return table.clock.unit === 'ticks' ? ' ticks' : ' s';
}
