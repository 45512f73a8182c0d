import { closeSync, openSync, writeSync } from 'node:fs';
import { EventFlag, EventKind, type EventTable } from '../../shared/event-table/event-table.ts';

const PAGE = 4096;
const PAGE_HEADER = 16;
/** Of the record's length and the time since the record before; a longer time needs a record of its own. */
const DELTA_BITS = 27;

const COMMON = `	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
	field:unsigned char common_flags;	offset:2;	size:1;	signed:0;
	field:unsigned char common_preempt_count;	offset:3;	size:1;	signed:0;
	field:int common_pid;	offset:4;	size:4;	signed:1;
`;
const name = (offset: number) => `	field:__data_loc char[] name;	offset:${offset};	size:4;	signed:1;\n`;
const field = (type: string, label: string, offset: number, size: number) =>
  `	field:${type} ${label};	offset:${offset};	size:${size};	signed:0;\n`;
const counted = field('unsigned long', 'ip', 8, 8) + field('int', 'refcnt', 16, 4) + name(20);
const countedPrint = '"%s call_site=%ps refcnt=%d", __get_str(name), (void *)REC->ip, REC->refcnt';

/** By EventKind. Source: include/trace/events/module.h, as tracefs prints it in events/module/ * /format */
const FORMATS: readonly (readonly [event: string, fields: string, print: string])[] = [
  ['module_load', field('unsigned int', 'taints', 8, 4) + name(12), '"%s %s", __get_str(name), ""'],
  ['module_free', name(8), '"%s", __get_str(name)'],
  ['module_get', counted, countedPrint],
  ['module_put', counted, countedPrint],
  [
    'module_request',
    field('unsigned long', 'ip', 8, 8) + field('bool', 'wait', 16, 1) + name(20),
    '"%s wait=%d call_site=%ps", __get_str(name), (int)REC->wait, (void *)REC->ip',
  ],
];
const NAME_AT = [12, 8, 20, 20, 20];
const FIRST_ID = 400;
const FIRST_ADDRESS = 0xffffffff81000000n;

/**
 * Writes the events of a table as a trace.dat of version 6, uncompressed, so that `trace-cmd report` can be given the
 * same events as this program. That is the layout which trace-cmd 3.1 reads fastest.
 *
 * Source: Documentation/libtracecmd/trace-cmd.dat.v6.5.txt of trace-cmd; include/linux/ring_buffer.h
 */
export function writeTraceDat(table: EventTable, path: string): void {
  const cpus = table.cpu.reduce((most, cpu) => Math.max(most, cpu), 0) + 1;
  const head = headOf(table, cpus);
  const dataStart = Math.ceil((head.length + 16 * cpus) / PAGE) * PAGE;
  const places = Buffer.alloc(16 * cpus);
  const file = openSync(path, 'w');
  let at = dataStart;
  for (let cpu = 0; cpu < cpus; cpu++) {
    let bytes = 0;
    for (const page of pagesOf(table, cpu)) bytes += writeSync(file, page, 0, PAGE, at + bytes);
    places.writeBigUInt64LE(BigInt(at), cpu * 16);
    places.writeBigUInt64LE(BigInt(bytes), cpu * 16 + 8);
    at += bytes;
  }
  writeSync(file, Buffer.concat([head, places]), 0, head.length + places.length, 0);
  closeSync(file);
}

function headOf(table: EventTable, cpus: number): Buffer {
  const pageFormat = `	field: u64 timestamp;	offset:0;	size:8;	signed:0;
	field: local_t commit;	offset:8;	size:8;	signed:1;
	field: int overwrite;	offset:8;	size:1;	signed:1;
	field: char data;	offset:16;	size:4080;	signed:1;
`;
  const events = FORMATS.map(
    ([event, fields, print], kind) =>
      `name: ${event}\nID: ${FIRST_ID + kind}\nformat:\n${COMMON}\n${fields}\nprint fmt: ${print}\n`,
  );
  const symbols = table.callSites.map(({ symbol }, site) => `${addressOf(site).toString(16)} T ${symbol}\n`);
  // The symbol of the highest address is never found, so one more stands behind the last.
  symbols.push(`${addressOf(table.callSites.length).toString(16)} T end_of_symbols\n`);
  const commands = [...new Map(table.tasks.map(({ pid, comm }) => [pid, comm]))].map(
    ([pid, comm]) => `${pid} ${comm}\n`,
  );
  return Buffer.concat([
    Buffer.from([0x17, 0x08, 0x44]),
    Buffer.from('tracing6\0'),
    Buffer.from([0, 8]),
    u32(PAGE),
    Buffer.from('header_page\0'),
    long(pageFormat),
    Buffer.from('header_event\0'),
    long(''),
    u32(0),
    u32(1),
    Buffer.from('module\0'),
    u32(events.length),
    ...events.map(long),
    short(symbols.join('')),
    short(''),
    long(commands.join('')),
    u32(cpus),
    Buffer.from('flyrecord\0'),
  ]);
}

/** The ring buffer pages of one CPU; each is gone when the next is asked for. */
function* pagesOf(table: EventTable, cpu: number): Generator<Buffer> {
  const page = Buffer.alloc(PAGE);
  let used = 0;
  let last = 0n;
  for (let row = 0; row < table.length; row++) {
    if (table.cpu[row] !== cpu) continue;
    const stamp = table.clock.start + BigInt(table.time[row]!);
    const record = recordOf(table, row);
    if (used === 0 || used + 8 + 4 + record.length > PAGE - PAGE_HEADER) {
      if (used > 0) yield sealed(page, used);
      page.fill(0);
      page.writeBigUInt64LE(stamp, 0);
      used = 0;
      last = stamp;
    }
    let delta = Number(stamp - last);
    last = stamp;
    if (delta >= 2 ** DELTA_BITS) {
      page.writeUInt32LE((30 | ((delta % 2 ** DELTA_BITS) << 5)) >>> 0, PAGE_HEADER + used);
      page.writeUInt32LE(Math.floor(delta / 2 ** DELTA_BITS), PAGE_HEADER + used + 4);
      used += 8;
      delta = 0;
    }
    page.writeUInt32LE(((record.length / 4) | (delta << 5)) >>> 0, PAGE_HEADER + used);
    record.copy(page, PAGE_HEADER + used + 4);
    used += 4 + record.length;
  }
  if (used > 0) yield sealed(page, used);
}

function sealed(page: Buffer, used: number): Buffer {
  page.writeBigUInt64LE(BigInt(used), 8);
  return page;
}

function recordOf(table: EventTable, row: number): Buffer {
  const kind = table.kind[row]!;
  const at = NAME_AT[kind]!;
  const text = kind === EventKind.request ? table.details[table.detail[row]!]! : table.modules[table.module[row]!]!;
  const bytes = Buffer.from(`${text}\0`);
  const record = Buffer.alloc(Math.ceil((at + 4 + bytes.length) / 4) * 4);
  record.writeUInt16LE(FIRST_ID + kind, 0);
  record.writeInt32LE(table.tasks[table.task[row]!]!.pid, 4);
  if (at === 20) record.writeBigUInt64LE(addressOf(table.callSite[row]!), 8);
  if (kind === EventKind.get || kind === EventKind.put) record.writeInt32LE(table.refcount[row]!, 16);
  if (kind === EventKind.request) record[16] = (table.flags[row]! & EventFlag.requestWaits) === 0 ? 0 : 1;
  record.writeUInt32LE((at + 4) | (bytes.length << 16), at);
  bytes.copy(record, at + 4);
  return record;
}

function addressOf(callSite: number): bigint {
  return FIRST_ADDRESS + BigInt(callSite) * 0x1000n;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function short(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([u32(bytes.length), bytes]);
}

function long(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([length, bytes]);
}
