import { dice } from './dice.ts';

export interface StormOptions {
  readonly seed: number;
  readonly cpus: number;
  /** About so many events. */
  readonly events: number;
  /** The module is loaded within the recording, so that its count is known from the start. */
  readonly loaded: boolean;
  /** How many of a thousand times a CPU is stopped for some milliseconds while it counts, as a virtual one may be. */
  readonly stops: number;
}

export interface Storm {
  /** The events as the kernel prints them, a line each, in order of their stamps. */
  readonly lines: readonly string[];
  /** The same with the numbers of a kernel that counts, stamps and reads at once. */
  readonly ordered: readonly string[];
  /** Per line: how many references each process has when all events up to it have happened. */
  readonly holding: readonly ReadonlyMap<number, number>[];
}

/** The process that keeps the module open, twice. */
export const STORM_HOLDER = 10;

/** One event. Times are nanoseconds: when the count was changed, when it was stamped, when the number was read to be printed. */
interface Count {
  readonly name: string;
  readonly pid: number;
  readonly cpu: number;
  readonly step: 1 | -1;
  readonly site: string;
  readonly counted: number;
  readonly stamped: number;
  readonly read: number;
}

/**
 * A storm on several CPUs of which nothing is lost: `holder` opens a device twice and keeps it, two programs on each CPU
 * open and close it as fast as they can. The kernel counts first, then stamps, then reads the number that it prints, and
 * another CPU may come between.
 *
 * Source: try_module_get and module_put in kernel/module/main.c; trace_event_buffer_reserve, which stamps, comes before
 * TP_fast_assign of include/trace/events/module.h, which reads.
 */
export function writeStorm({ seed, cpus, events, loaded, stops }: StormOptions): Storm {
  const roll = dice(seed * 7_919);
  const all: Count[] = [];
  const stop = () => (roll() * 1_000 < stops ? 1e6 + roll() * 40e6 : 0);
  const happen = (name: string, pid: number, cpu: number, step: 1 | -1, site: string, counted: number) => {
    const stamped = counted + 40 + roll() * 200 + stop();
    const read = stamped + 10 + roll() * 60 + stop();
    all.push({ name, pid, cpu, step, site, counted, stamped, read });
    return read;
  };
  let began = 1e9;
  if (loaded) began = happen('modprobe', 9, 0, -1, 'do_init_module', began) + 1e6;
  for (let times = 0; times < 2; times++) began = happen('holder', STORM_HOLDER, 0, 1, 'misc_open', began) + 1e6;
  for (let cpu = 0; cpu < cpus; cpu++) {
    const isOpen = [false, false];
    let time = began + roll() * 1_000;
    for (let left = Math.round(events / cpus); left > 0 || isOpen.includes(true); left--) {
      const which = left > 0 ? Math.floor(roll() * 2) : isOpen.indexOf(true);
      const pid = 20 + cpu * 2 + which;
      const [step, site] = isOpen[which] ? ([-1, '__fput'] as const) : ([1, 'misc_open'] as const);
      isOpen[which] = !isOpen[which];
      time = happen(`cc${pid}`, pid, cpu, step, site, time) + 200 + roll() * 2_000;
    }
  }
  return print(all, loaded);
}

function print(all: readonly Count[], loaded: boolean): Storm {
  // As printed, with the base reference; a module that is being loaded has one more.
  const before = loaded ? 2 : 1;
  const inOrder = all.toSorted((a, b) => a.counted - b.counted);
  const after: number[] = [];
  for (const { step } of inOrder) after.push((after.at(-1) ?? before) + step);
  const countAt = (time: number) => {
    let known = 0;
    for (let end = inOrder.length; known < end; ) {
      const middle = (known + end) >> 1;
      if (inOrder[middle]!.counted <= time) known = middle + 1;
      else end = middle;
    }
    return known === 0 ? before : after[known - 1]!;
  };
  const head = ({ name, pid, cpu }: Pick<Count, 'name' | 'pid' | 'cpu'>, time: number) =>
    `${name.padStart(16)}-${String(pid).padEnd(7)} [${String(cpu).padStart(3, '0')}] ..... ${(time / 1e9).toFixed(6).padStart(12)}: `;
  const load = loaded ? [`${head({ name: 'modprobe', pid: 9, cpu: 0 }, 0.9e9)}module_load: testmod `] : [];
  const lines = [...load];
  const ordered = [...load];
  const holding: ReadonlyMap<number, number>[] = load.map(() => new Map());
  let count = before;
  for (const event of all.toSorted((a, b) => a.stamped - b.stamped)) {
    const { step, pid, site } = event;
    count += step;
    const text = `${head(event, event.stamped)}module_${step > 0 ? 'get' : 'put'}: testmod call_site=${site} refcnt=`;
    lines.push(`${text}${countAt(event.read)}`);
    ordered.push(`${text}${count}`);
    const held = new Map(holding.at(-1));
    held.set(pid, Math.max(0, (held.get(pid) ?? 0) + step));
    holding.push(held);
  }
  return { lines, ordered, holding };
}
