import type { HoldTable } from '../analysis/hold-table.ts';
import { EventFlag, EventKind, type EventTable } from '../event-table/event-table.ts';
import type { IndexIntoEvents, IndexIntoHolds } from '../units.ts';
import { labelHolder } from './label-holder.ts';
import { printCallSite } from './print-call-site.ts';
import type { EventRow } from './recording-view.ts';

const NAMES = Object.keys(EventKind) as EventRow['event'][];
const NO_CPU = 0xffff;

/** One event as the list shows it; `hold` is the one it opens or closes, −1 for none. */
export function describeEvent(
  table: EventTable,
  holds: HoldTable,
  row: IndexIntoEvents,
  hold: IndexIntoHolds,
): EventRow {
  const kind = table.kind[row]!;
  const flags = table.flags[row]!;
  const task = table.tasks[table.task[row]!];
  const holder = hold < 0 ? undefined : holds.holders[holds.holder[hold]!];
  const counts = kind === EventKind.get || kind === EventKind.put;
  const detail = table.details[table.detail[row]!] ?? '';
  return {
    row,
    line: table.line[row]!,
    time: table.time[row]!,
    cpu: table.cpu[row] === NO_CPU ? -1 : table.cpu[row]!,
    task: task?.comm ?? '',
    pid: task?.pid ?? -1,
    taskInferred: (flags & EventFlag.taskInferred) !== 0,
    event: NAMES[kind]!,
    module: table.modules[table.module[row]!] ?? '',
    callSite: printCallSite(table, row),
    refcount: counts ? table.refcount[row]! : undefined,
    detail: kind === EventKind.request && (flags & EventFlag.requestWaits) !== 0 ? `${detail} (waits)` : detail,
    stack: table.stacks[table.stack[row]!] ?? [],
    hold,
    holder: holder === undefined ? '' : labelHolder(holder),
    colour: holder?.colour ?? -1,
  };
}
