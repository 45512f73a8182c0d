import { EventKind, type EventTable, type LostEvents } from '../../shared/event-table/event-table.ts';

/**
 * An event table from a few short lines, for stories that need no real recording.
 *
 * ```
 * 100 modprobe-7 load drm
 * 200 modprobe-7 get drm ref_module 2 cpu1
 * lost 12 cpu1
 * 300 modprobe-7 request char-major-226
 * ```
 * The first time is zero of the recording; times are nanoseconds.
 */
export function makeTable(text: string): EventTable {
  const modules = intern<string>(String);
  const tasks = intern<{ comm: string; pid: number; tgid: number }>(({ comm, pid }) => `${comm}-${pid}`);
  const callSites = intern<{ symbol: string; module: undefined }>(({ symbol }) => symbol);
  const details = intern<string>(String);
  const rows: number[][] = [];
  const lost: LostEvents[] = [];
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  for (const [i, words] of lines.entries()) {
    const cpuWord = words[words.length - 1]!.match(/^cpu(\d+)$/);
    const cpu = cpuWord === null ? 0 : Number(cpuWord[1]);
    if (words[0] === '') continue;
    if (words[0] === 'lost') {
      lost.push({ beforeRow: rows.length, cpu: cpuWord === null ? -1 : cpu, count: Number(words[1]), line: i + 1 });
      continue;
    }
    const [time, taskName, event, name, site, refcount] = words as [string, string, string, string, string?, string?];
    const [, comm, pid] = taskName.match(/^(.*)-(\d+)$/)!;
    const kind = EventKind[event as keyof typeof EventKind];
    const counts = kind === EventKind.get || kind === EventKind.put;
    rows.push([
      Number(time),
      kind,
      cpu,
      tasks.of({ comm: comm!, pid: Number(pid), tgid: -1 }),
      kind === EventKind.request ? -1 : modules.of(name),
      counts ? callSites.of({ symbol: site!, module: undefined }) : -1,
      counts ? Number(refcount) : 0,
      kind === EventKind.request ? details.of(name) : -1,
      i + 1,
    ]);
  }
  const start = rows[0]?.[0] ?? 0;
  const column = (index: number) => rows.map((row) => row[index]!);
  return {
    length: rows.length,
    clock: { unit: 'nanoseconds', digits: 9, start: BigInt(start) },
    time: Float64Array.from(column(0), (time) => time - start),
    kind: Uint8Array.from(column(1)),
    flags: new Uint8Array(rows.length),
    cpu: Uint16Array.from(column(2)),
    task: Int32Array.from(column(3)),
    module: Int32Array.from(column(4)),
    callSite: Int32Array.from(column(5)),
    refcount: Int32Array.from(column(6)),
    detail: Int32Array.from(column(7)),
    stack: new Int32Array(rows.length).fill(-1),
    line: Uint32Array.from(column(8)),
    buffer: new Uint8Array(rows.length),
    modules: modules.all,
    tasks: tasks.all,
    callSites: callSites.all,
    details: details.all,
    stacks: [],
    buffers: [''],
    lost,
    countedRows: 0,
  };
}

function intern<T>(keyOf: (value: T) => string): { readonly all: T[]; of(value: T): number } {
  const all: T[] = [];
  const places = new Map<string, number>();
  return {
    all,
    of: (value) => {
      const key = keyOf(value);
      const place = places.get(key) ?? all.push(value) - 1;
      places.set(key, place);
      return place;
    },
  };
}
