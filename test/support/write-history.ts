import type { EventTable } from '../../shared/event-table/event-table.ts';
import { makeTable } from './make-table.ts';

/** One thing that happens in a made-up history. `pick` chooses among what is there, whatever that is. */
export type Step =
  | { readonly do: 'open'; readonly task: number; readonly module: number; readonly second: number | undefined }
  | { readonly do: 'close'; readonly pick: number }
  | { readonly do: 'closeByStranger'; readonly pick: number; readonly task: number }
  | { readonly do: 'closeByReceiver'; readonly pick: number; readonly task: number }
  | { readonly do: 'mount'; readonly task: number; readonly module: number }
  | { readonly do: 'unmount'; readonly pick: number; readonly task: number }
  | { readonly do: 'load'; readonly module: number; readonly uses: readonly number[]; readonly pinsOwn: boolean }
  | { readonly do: 'unload'; readonly module: number }
  | { readonly do: 'failLoad'; readonly module: number; readonly uses: number; readonly early: boolean }
  | { readonly do: 'lose'; readonly count: number };

/** Something that holds references: of which modules, and by whom the truth says. */
interface Thing {
  readonly kind: 'file' | 'mount';
  readonly pid: number;
  readonly holder: string;
  readonly modules: readonly number[];
}

interface Module {
  /** Printed by the kernel: 1 when nothing holds it; undefined while it is not loaded. */
  refcount: number | undefined;
  uses: number[];
  readonly held: Map<string, number>;
}

export interface History {
  readonly table: EventTable;
  /** Who really holds a module just after the event of a row: `pid 7`, `module m1`, `mount m2` → references. */
  heldAt(row: number, module: string): ReadonlyMap<string, number>;
}

const OTHERS = 'before the recording';

/** Plays steps as a kernel would, prints the events of it, and remembers who held what after each. */
export function writeHistory(before: readonly (number | undefined)[], steps: readonly Step[]): History {
  const modules: Module[] = before.map((references) => ({
    refcount: references === undefined ? undefined : references + 1,
    uses: [],
    held: new Map(references === undefined ? [] : [[OTHERS, references]]),
  }));
  const things: Thing[] = [];
  const lines: string[] = [];
  const truths: ReadonlyMap<string, number>[] = [];
  const pids = Array.from({ length: 8 }, (_, index) => 100 + index);
  let time = 1_000;
  let loaders = 1_000;
  let losing = 0;

  /** Prints an event, unless the tracer is losing them just then; then it marks the loss before the next one. */
  const print = (task: string, text: string, module: number) => {
    time += 100_000;
    if (losing > 0) {
      losing--;
      if (losing === 0) lines.push('lost 1');
      return;
    }
    lines.push(`${time} ${task} ${text}`);
    truths.push(new Map(modules[module]!.held));
  };
  const change = (module: number, holder: string, by: number) => {
    const held = modules[module]!.held;
    const left = (held.get(holder) ?? 0) + by;
    if (left === 0) held.delete(holder);
    else held.set(holder, left);
    modules[module]!.refcount! += by;
  };
  const get = (task: string, module: number, site: string, holder: string) => {
    change(module, holder, 1);
    print(task, `get m${module} ${site} ${modules[module]!.refcount}`, module);
  };
  const put = (task: string, module: number, site: string, holder: string) => {
    change(module, holder, -1);
    print(task, `put m${module} ${site} ${modules[module]!.refcount}`, module);
  };
  const isLoaded = (module: number) => modules[module]!.refcount !== undefined;
  const taskName = (pid: number) => `task${pid}-${pid}`;
  const pause = () => {
    time += 50_000_000;
  };
  const choose = (kind: Thing['kind'], pick: number): Thing | undefined => {
    const some = things.filter((thing) => thing.kind === kind);
    const chosen = some[pick % Math.max(1, some.length)];
    if (chosen !== undefined) things.splice(things.indexOf(chosen), 1);
    return chosen;
  };
  const close = (thing: Thing, pid: number) => {
    const site = thing.kind === 'file' ? '__fput' : 'deactivate_locked_super';
    for (const module of thing.modules) put(taskName(pid), module, site, thing.holder);
  };

  for (const step of steps) {
    pause();
    switch (step.do) {
      case 'open': {
        if (!isLoaded(step.module)) break;
        const pid = pids[step.task]!;
        const holder = `pid ${pid}`;
        const taken = [step.module];
        get(taskName(pid), step.module, 'misc_open', holder);
        if (step.second !== undefined && isLoaded(step.second)) {
          get(taskName(pid), step.second, 'drm_stub_open', holder);
          taken.push(step.second);
        }
        things.push({ kind: 'file', pid, holder, modules: taken });
        break;
      }
      case 'close': {
        const file = choose('file', step.pick);
        if (file !== undefined) close(file, file.pid);
        break;
      }
      case 'closeByStranger': {
        const file = choose('file', step.pick);
        if (file === undefined) break;
        // A child, or a process that it was passed to, which opens no file itself. Who receives files gives none away.
        close(file, file.pid % 2 === 0 ? 200 + step.task : file.pid);
        break;
      }
      case 'closeByReceiver': {
        const file = choose('file', step.pick);
        if (file === undefined) break;
        // Every other process is handed files and opens the same ones itself. None is given and gives: that leaves no trace.
        close(file, file.pid % 2 === 0 ? pids[step.task | 1]! : file.pid);
        break;
      }
      case 'mount': {
        if (!isLoaded(step.module)) break;
        const pid = pids[step.task]!;
        const holder = `mount m${step.module}`;
        const task = taskName(pid);
        get(task, step.module, '__get_fs_type', holder);
        get(task, step.module, 'get_filesystem', holder);
        put(task, step.module, 'path_mount', holder);
        get(task, step.module, 'get_filesystem', holder);
        put(task, step.module, 'put_fs_context', holder);
        things.push({ kind: 'mount', pid, holder, modules: [step.module] });
        break;
      }
      case 'unmount': {
        const mount = choose('mount', step.pick);
        if (mount !== undefined) close(mount, pids[step.task]!);
        break;
      }
      case 'load': {
        const { module } = step;
        if (isLoaded(module)) break;
        const uses = [...new Set(step.uses)].filter((used) => used !== module && isLoaded(used));
        const pid = loaders++;
        const task = `modprobe-${pid}`;
        for (const used of uses) get(task, used, 'resolve_symbol', `module m${module}`);
        modules[module] = { refcount: 2, uses, held: new Map([[`pid ${pid}`, 1]]) };
        print(task, `load m${module}`, module);
        if (step.pinsOwn) for (const used of uses.slice(0, 1)) get(task, used, 'get_filesystem', `module m${module}`);
        modules[module]!.held.clear();
        modules[module]!.refcount = 1;
        print(task, `put m${module} do_init_module 1`, module);
        if (step.pinsOwn && uses.length > 0) modules[module]!.uses = [...uses, -1 - uses[0]!];
        break;
      }
      case 'unload': {
        const { module } = step;
        if (modules[module]!.refcount !== 1) break;
        const task = `rmmod-${loaders++}`;
        const { uses } = modules[module]!;
        for (const used of uses) if (used < 0) put(task, -1 - used, 'deactivate_locked_super', `module m${module}`);
        modules[module] = { refcount: undefined, uses: [], held: new Map() };
        print(task, `free m${module}`, module);
        for (const used of uses) if (used >= 0) put(task, used, 'module_unload_free', `module m${module}`);
        break;
      }
      case 'failLoad': {
        const { module, uses, early } = step;
        if (isLoaded(module) || !isLoaded(uses) || module === uses) break;
        const pid = loaders++;
        const task = `insmod-${pid}`;
        const holder = early ? `pid ${pid}` : `module m${module}`;
        get(task, uses, 'resolve_symbol', holder);
        if (!early) {
          modules[module] = { refcount: 2, uses: [], held: new Map([[`pid ${pid}`, 1]]) };
          print(task, `load m${module}`, module);
          modules[module] = { refcount: 1, uses: [], held: new Map() };
          print(task, `put m${module} do_init_module 1`, module);
          modules[module] = { refcount: undefined, uses: [], held: new Map() };
          print(task, `free m${module}`, module);
        }
        put(task, uses, 'module_unload_free', holder);
        break;
      }
      case 'lose':
        losing += step.count;
        break;
    }
  }
  const table = makeTable(lines.join('\n'));
  return { table, heldAt: (row) => truths[row] ?? new Map() };
}
