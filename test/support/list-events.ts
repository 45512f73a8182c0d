import { printTime } from '../../shared/event-table/clock.ts';
import { EventFlag, type EventTable } from '../../shared/event-table/event-table.ts';

const kindNames = ['load', 'free', 'get', 'put', 'request'];

/**
 * The events of a table, each as a line that people can compare:
 * `102.168297 cpu 0 systemd-logind-545 get vkms via drm_stub_open [drm] → 2`.
 */
export function listEvents(table: EventTable): string[] {
  return Array.from({ length: table.length }, (_, row) => describeEvent(table, row));
}

function describeEvent(table: EventTable, row: number): string {
  const task = table.tasks[table.task[row]!]!;
  const site = table.callSites[table.callSite[row]!];
  const kind = kindNames[table.kind[row]!]!;
  const parts = [
    printTime(table.clock, table.time[row]!),
    table.cpu[row] === 0xffff ? 'cpu ?' : `cpu ${table.cpu[row]}`,
    `${task.comm}-${task.pid}${task.tgid < 0 ? '' : `(${task.tgid})`}`,
    kind,
  ];
  if (table.module[row]! >= 0) parts.push(table.modules[table.module[row]!]!);
  if (table.detail[row]! >= 0) parts.push(`"${table.details[table.detail[row]!]}"`);
  if (site !== undefined) parts.push(`via ${site.symbol}${site.module === undefined ? '' : ` [${site.module}]`}`);
  if (kind === 'get' || kind === 'put') parts.push(`→ ${table.refcount[row]}`);
  if ((table.flags[row]! & EventFlag.requestWaits) !== 0) parts.push('waits');
  if ((table.flags[row]! & EventFlag.taskInferred) !== 0) parts.push('(task inferred)');
  const buffer = table.buffers[table.buffer[row]!]!;
  return buffer === '' ? parts.join(' ') : `${buffer}: ${parts.join(' ')}`;
}
