import { accountFor } from '../analysis/account-for.ts';
import type { Accounting, HolderAccount } from '../analysis/accounting.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { confidenceWords } from '../analysis/describe-confidence.ts';
import { type Clock, printTime } from '../event-table/clock.ts';
import type { Recording } from '../event-table/recording.ts';
import type { RecordingTime } from '../units.ts';
import { escapeTerminal } from './escape-terminal.ts';

/** Line numbers that are told one by one. */
const MOST_LINES = 12;

function listLines(lines: readonly number[]): string {
  const told = lines.slice(0, MOST_LINES).join(', ');
  return lines.length > MOST_LINES ? `${told} and ${lines.length - MOST_LINES} more` : told;
}

/** A reference that nobody is known to hold: told as what it is, not as if somebody of that name held it. */
function explainUnknown({ kind, references, evidence, release, lines }: HolderAccount): string[] {
  const count = references === 1 ? '1 reference' : `${references} references`;
  const origin = kind === 'baseline' ? 'from before the recording began' : 'taken where the counts do not add up';
  return [
    `  ? ${count} ${origin}: nothing recorded shows who holds ${references === 1 ? 'it' : 'them'}`,
    `      why: ${evidence}`,
    `      let go: ${release}`,
    ...(lines.length === 0 ? [] : [`      lines: ${listLines(lines)}`]),
  ];
}

function explainHolder(clock: Clock, holder: HolderAccount): string[] {
  if (holder.kind === 'baseline' || (holder.kind === 'unknown' && holder.pid === undefined))
    return explainUnknown(holder);
  const name = holder.pid === undefined ? holder.name : `${holder.name}-${holder.pid}`;
  const since = holder.since === undefined ? '' : ` since ${printTime(clock, holder.since)}`;
  const until = holder.until === undefined ? 'open' : `until ${printTime(clock, holder.until)}`;
  const via = holder.callSite === undefined ? '' : ` via ${holder.callSite}`;
  const times = holder.references === 1 ? '' : ` ${holder.references} times`;
  const others = holder.alsoHolds.map(({ module, references }) => `${module} (${references})`).join(', ');
  return [
    `  ${holder.confidence === 'low' ? '?' : '-'} held${times} by ${name}${via}${since} (${until})`,
    `      ${holder.noun}: ${holder.meaning}`,
    `      why: ${holder.evidence}`,
    `      sure: ${holder.confidence}. ${confidenceWords[holder.confidence]}`,
    ...(others === '' ? [] : [`      also holds: ${others}`]),
    `      let go: ${holder.release}`,
    ...(holder.lines.length === 0 ? [] : [`      lines: ${listLines(holder.lines)}`]),
  ];
}

function explainModule(clock: Clock, accounting: Accounting): string[] {
  const { module, state, refcount, lsmod, explained, unexplained, arithmetic } = accounting;
  const states: Record<Accounting['state'], string> = {
    absent: 'not loaded',
    unknown: 'before its first event',
    loading: 'loading',
    live: 'live',
    unloading: 'unloading',
  };
  const numbers = [
    states[state],
    refcount === undefined ? undefined : `printed refcount ${refcount}`,
    lsmod === undefined ? undefined : `lsmod ${lsmod}`,
    lsmod === undefined ? undefined : `${explained} explained`,
    lsmod === undefined ? undefined : `${unexplained} unexplained`,
  ].filter((part) => part !== undefined);
  return [
    `${module}: ${numbers.join(', ')}`,
    `  ${arithmetic}`,
    ...accounting.holders.flatMap((holder) => explainHolder(clock, holder)),
    ...accounting.cautions.map((caution) => `  ! ${caution}`),
    '',
  ];
}

function summarise(recording: Recording, analysis: Analysis, time: RecordingTime): string[] {
  const { table } = analysis;
  const { lines, dialect, notices, completeness } = recording;
  const end = table.length > 0 ? printTime(table.clock, table.time[table.length - 1]!) : '';
  const start = table.length > 0 ? printTime(table.clock, 0) : '';
  return [
    `${table.length} events from ${start} to ${end}; as of ${printTime(table.clock, time)}`,
    `${lines.total} lines (${lines.rejected} rejected), read as ${dialect}`,
    ...(completeness === undefined ? [] : [completeness]),
    ...notices.map((notice) => `! ${notice}`),
    ...noteTime(analysis, time),
    '',
  ];
}

/** What nobody should take for recorded. */
function noteTime({ table }: Analysis, time: RecordingTime): string[] {
  const { clock, length } = table;
  if (length === 0) return [];
  const end = table.time[length - 1]!;
  const asked = printTime(clock, time);
  if (time < 0)
    return [
      `! ${asked} is before the recording began, at ${printTime(clock, 0)}: what is told of it follows from later events`,
    ];
  if (time > end) return [`! ${asked} is after the recording ended, at ${printTime(clock, end)}: told is its end`];
  return [];
}

/** Holds of modules at a time, one line a module, for a first look. */
function listModules(accountings: readonly Accounting[]): string[] {
  const held = accountings.filter(({ holders }) => holders.length > 0);
  if (held.length === 0) return ['No module is held.', ''];
  return [...held.map(({ arithmetic }) => arithmetic), ''];
}

/**
 * Explains modules at a time, for a person at a terminal. Every name that strangers chose is escaped.
 *
 * @param only the one module that was asked for; without it all, those that are held first as a list, then each in full
 */
export function explainText(
  recording: Recording,
  analysis: Analysis,
  only: string | undefined,
  time: RecordingTime,
): string {
  const clock = analysis.table.clock;
  if (only !== undefined)
    return finish([...noteTime(analysis, time), ...explainModule(clock, accountFor(analysis, only, time))]);
  const names = [...analysis.table.modules].sort();
  const accountings = names.map((module) => accountFor(analysis, module, time));
  return finish([
    ...summarise(recording, analysis, time),
    ...listModules(accountings),
    ...accountings
      .filter(({ holders }) => holders.length > 0)
      .flatMap((accounting) => explainModule(clock, accounting)),
  ]);
}

function finish(lines: readonly string[]): string {
  while (lines.at(-1) === '') lines = lines.slice(0, -1);
  return `${lines.map(escapeTerminal).join('\n')}\n`;
}
