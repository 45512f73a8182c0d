import type { Analysis } from '../analysis/analysis.ts';
import { Confidence, type ConfidenceName, type HolderKind } from '../analysis/hold-table.ts';
import { printTime } from '../event-table/clock.ts';
import { EventFlag, EventKind } from '../event-table/event-table.ts';
import type { IndexIntoEvents, IndexIntoHolds, RecordingTime } from '../units.ts';

/** One event as it is written; undefined where the recording has nothing to say. Every field is told in README.md. */
export interface WrittenEvent {
  readonly line: number;
  readonly time: string;
  readonly sinceStart: number;
  readonly cpu: number | undefined;
  readonly task: string;
  readonly pid: number;
  readonly tgid: number | undefined;
  readonly taskInferred: boolean;
  readonly event: string;
  readonly module: string | undefined;
  readonly callSite: string | undefined;
  readonly callSiteModule: string | undefined;
  readonly refcount: number | undefined;
  readonly taints: string | undefined;
  readonly alias: string | undefined;
  readonly waits: boolean | undefined;
  readonly hold: number | undefined;
  readonly stack: readonly string[];
}

/** One hold as it is written. */
export interface WrittenHold {
  readonly hold: number;
  readonly module: string;
  readonly kind: HolderKind;
  readonly holder: string;
  readonly pid: number | undefined;
  readonly callSite: string | undefined;
  readonly start: string | undefined;
  readonly end: string | undefined;
  readonly startSinceStart: number | undefined;
  readonly endSinceStart: number | undefined;
  readonly open: boolean;
  readonly confidence: ConfidenceName;
  readonly transient: boolean;
  readonly getLine: number | undefined;
  readonly putLine: number | undefined;
}

const events = Object.keys(EventKind);
const levels = Object.keys(Confidence) as ConfidenceName[];
const NO_CPU = 0xffff;

/** All that an event says; `hold` is that of `indexHoldsByRow`. */
export function describeRow({ table }: Analysis, row: IndexIntoEvents, hold: IndexIntoHolds): WrittenEvent {
  const kind = table.kind[row]!;
  const task = table.tasks[table.task[row]!];
  const site = table.callSites[table.callSite[row]!];
  const detail = table.details[table.detail[row]!];
  const flags = table.flags[row]!;
  return {
    line: table.line[row]!,
    time: printTime(table.clock, table.time[row]!),
    sinceStart: table.time[row]!,
    cpu: table.cpu[row] === NO_CPU ? undefined : table.cpu[row]!,
    task: task?.comm ?? '',
    pid: task?.pid ?? -1,
    tgid: some(task?.tgid),
    taskInferred: (flags & EventFlag.taskInferred) !== 0,
    event: events[kind]!,
    module: table.modules[table.module[row]!],
    callSite: site?.symbol,
    callSiteModule: site?.module,
    refcount: kind === EventKind.get || kind === EventKind.put ? table.refcount[row]! : undefined,
    taints: kind === EventKind.load ? (detail ?? '') : undefined,
    alias: kind === EventKind.request ? detail : undefined,
    waits: kind === EventKind.request ? (flags & EventFlag.requestWaits) !== 0 : undefined,
    hold: some(hold),
    stack: table.stacks[table.stack[row]!] ?? [],
  };
}

/** All that is known of a hold. */
export function describeHoldRow({ table, holds }: Analysis, hold: IndexIntoHolds): WrittenHold {
  const holder = holds.holders[holds.holder[hold]!]!;
  const [get, put] = [holds.startRow[hold]!, holds.endRow[hold]!];
  const start = finite(holds.start[hold]!);
  const end = finite(holds.end[hold]!);
  return {
    hold,
    module: table.modules[holds.module[hold]!]!,
    kind: holder.kind,
    holder: holder.name,
    pid: some(holder.pid),
    callSite: table.callSites[table.callSite[get] ?? -1]?.symbol,
    start: start === undefined ? undefined : printTime(table.clock, start),
    end: end === undefined ? undefined : printTime(table.clock, end),
    startSinceStart: start,
    endSinceStart: end,
    open: end === undefined,
    confidence: levels[holds.confidence[hold]!]!,
    transient: holds.transient[hold] !== 0,
    getLine: get < 0 ? undefined : table.line[get]!,
    putLine: put < 0 ? undefined : table.line[put]!,
  };
}

function some(number: number | undefined): number | undefined {
  return number === undefined || number < 0 ? undefined : number;
}

function finite(time: RecordingTime): RecordingTime | undefined {
  return Number.isFinite(time) ? time : undefined;
}
