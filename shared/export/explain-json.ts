import { accountFor } from '../analysis/account-for.ts';
import type { Accounting, HolderAccount } from '../analysis/accounting.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { type Clock, printTime } from '../event-table/clock.ts';
import type { LineCounts, Recording } from '../event-table/recording.ts';
import type { RecordingTime } from '../units.ts';
import { escapeJson } from './escape-json.ts';

/** The answer as data. Shape: format 1, every field of which is told in README.md. */
export interface ExplainedRecording {
  readonly format: 1;
  readonly recording: {
    readonly events: number;
    readonly lines: LineCounts;
    readonly lost: number | null;
    readonly start: number | null;
    readonly end: number | null;
    readonly refcounts: Analysis['refcounts'];
  };
  readonly modules: readonly ExplainedModule[];
}

export interface ExplainedModule {
  readonly module: string;
  readonly refcount: number | null;
  readonly lsmod: number | null;
  readonly explained: number | null;
  readonly unexplained: number | null;
  readonly baseline: number;
  readonly holders: readonly ExplainedHolder[];
}

export interface ExplainedHolder {
  readonly kind: HolderAccount['kind'];
  readonly name: string;
  readonly pid: number | null;
  readonly references: number;
  readonly callSite: string | null;
  readonly since: number | null;
  readonly confidence: HolderAccount['confidence'];
  readonly meaning: string;
  readonly release: string;
  readonly lines: readonly number[];
}

/** A number in the very digits that the recording printed: a cycle counter, or nanoseconds of an epoch, is no double. */
class PrintedNumber {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }
}

/** The answer before it is written: as it will be read, but for its times. */
type Written<Value> = Value extends readonly (infer Item)[]
  ? readonly Written<Item>[]
  : Value extends object
    ? {
        readonly [Key in keyof Value]: Key extends 'start' | 'end' | 'since'
          ? PrintedNumber | null
          : Written<Value[Key]>;
      }
    : Value;

/** Writes as JSON.stringify does with an indent of two, but printed numbers digit by digit. */
function writeJson(value: unknown, indent = ''): string {
  if (value instanceof PrintedNumber) return value.digits;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  const list = Array.isArray(value);
  const members = list
    ? value.map((item) => writeJson(item, deeper))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${writeJson(item, deeper)}`);
  const [open, close] = list ? '[]' : '{}';
  return members.length === 0
    ? `${open}${close}`
    : `${open}\n${deeper}${members.join(`,\n${deeper}`)}\n${indent}${close}`;
}

function timeNumber(clock: Clock, time: RecordingTime | undefined): PrintedNumber | null {
  return time === undefined || !Number.isFinite(time) ? null : new PrintedNumber(printTime(clock, time));
}

function explainHolder(clock: Clock, holder: HolderAccount): Written<ExplainedHolder> {
  return {
    kind: holder.kind,
    name: holder.name,
    pid: holder.pid ?? null,
    references: holder.references,
    callSite: holder.callSite ?? null,
    since: timeNumber(clock, holder.since),
    confidence: holder.confidence,
    meaning: holder.meaning,
    release: holder.release,
    lines: holder.lines,
  };
}

function explainModule(clock: Clock, accounting: Accounting): Written<ExplainedModule> {
  return {
    module: accounting.module,
    refcount: accounting.refcount ?? null,
    lsmod: accounting.lsmod ?? null,
    explained: accounting.explained ?? null,
    unexplained: accounting.unexplained ?? null,
    baseline: accounting.baseline,
    holders: accounting.holders.map((holder) => explainHolder(clock, holder)),
  };
}

/** Explains the named modules at a time as JSON text; `ExplainedRecording` is what a program reads from it. */
export function explainJson(
  recording: Recording,
  analysis: Analysis,
  modules: readonly string[],
  time: RecordingTime,
): string {
  const { table } = analysis;
  const counts = table.lost.map(({ count }) => count);
  const answer: Written<ExplainedRecording> = {
    format: 1,
    recording: {
      events: table.length,
      lines: recording.lines,
      lost: counts.some((count) => count < 0) ? null : counts.reduce((sum, count) => sum + count, 0),
      start: timeNumber(table.clock, table.length > 0 ? table.time[0] : undefined),
      end: timeNumber(table.clock, table.length > 0 ? table.time[table.length - 1] : undefined),
      refcounts: analysis.refcounts,
    },
    modules: modules.map((module) => explainModule(table.clock, accountFor(analysis, module, time))),
  };
  return `${escapeJson(writeJson(answer))}\n`;
}
