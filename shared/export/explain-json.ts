import { accountFor } from '../analysis/account-for.ts';
import type { Accounting, HolderAccount } from '../analysis/accounting.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { type Clock, printTime } from '../event-table/clock.ts';
import type { LineCounts, Recording } from '../event-table/recording.ts';
import type { RecordingTime } from '../units.ts';

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

function timeNumber(clock: Clock, time: RecordingTime | undefined): number | null {
  return time === undefined || !Number.isFinite(time) ? null : Number(printTime(clock, time));
}

function explainHolder(clock: Clock, holder: HolderAccount): ExplainedHolder {
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

function explainModule(clock: Clock, accounting: Accounting): ExplainedModule {
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

/** Explains the named modules at a time, as an object fit for JSON. */
export function explainJson(
  recording: Recording,
  analysis: Analysis,
  modules: readonly string[],
  time: RecordingTime,
): ExplainedRecording {
  const { table } = analysis;
  const counts = table.lost.map(({ count }) => count);
  return {
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
}
