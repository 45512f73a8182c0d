import { printTime } from '../event-table/clock.ts';
import { EventFlag, EventKind, type EventTable } from '../event-table/event-table.ts';
import type { IndexIntoEvents } from '../units.ts';
import { printCallSite } from '../view-model/print-call-site.ts';

const names = Object.keys(EventKind);
const NO_CPU = 0xffff;

/**
 * An event as trace-cmd report writes it: `systemd-logind-545 [000] 102.168297: module_get: vkms call_site=… refcnt=2`.
 *
 * Source: TP_printk in include/trace/events/module.h
 */
export function printEventLine(table: EventTable, row: IndexIntoEvents): string {
  const task = table.tasks[table.task[row]!];
  const cpu = table.cpu[row] === NO_CPU ? '' : ` [${String(table.cpu[row]).padStart(3, '0')}]`;
  const kind = table.kind[row]!;
  return `${task?.comm ?? '<...>'}-${task?.pid ?? '?'}${cpu} ${printTime(table.clock, table.time[row]!)}: module_${names[kind]}: ${printPayload(table, row, kind)}`;
}

function printPayload(table: EventTable, row: IndexIntoEvents, kind: number): string {
  const module = table.modules[table.module[row]!] ?? '';
  const detail = table.details[table.detail[row]!] ?? '';
  const site = `call_site=${printCallSite(table, row)}`;
  switch (kind) {
    case EventKind.get:
    case EventKind.put:
      return `${module} ${site} refcnt=${table.refcount[row]}`;
    case EventKind.load:
      return `${module} ${detail}`.trimEnd();
    case EventKind.request:
      return `${detail} wait=${(table.flags[row]! & EventFlag.requestWaits) === 0 ? 0 : 1} ${site}`;
    default:
      return module;
  }
}
