import { EventKind, type EventTable } from '../event-table/event-table.ts';
import type { Finding } from './analysis.ts';
import { OpenPart, type SiteClass, SiteRole } from './classify-call-sites.ts';
import { inSteps } from './in-steps.ts';
import type { TaskNumbers } from './number-tasks.ts';

/** Bits of `ThreadContext.flags`. */
export const RowFlag = {
  /** Taken while the init function of the module loaded at `by` ran. */
  inInit: 1,
  /** Taken while mount(2) ran; `by` is the look-up of the filesystem. */
  inMount: 2,
  /** A link whose module is loaded at `by`. */
  linked: 4,
  /** A link that its own thread took back before anything was loaded: a load that failed. `by` is the other end. */
  failedLink: 8,
  /** A link of which it is not sure whose it is: another load came in between and is not shown. */
  doubtfulLink: 16,
  /** A put after module_free in the same thread; `by` is the free. */
  unlinked: 32,
  /** Given back while the exit function of the module freed at `by` ran, or by what came just before it. */
  inExit: 64,
} as const;

/** What the thread of each event was about, seen from the order of its own events. */
export interface ThreadContext {
  /** IndexIntoEvents of the event that explains this one, as `flags` says; −1 for none. */
  readonly by: Int32Array;
  /** RowFlag bits. */
  readonly flags: Uint8Array;
  /** Number of the open that a get or put belongs to; −1 for none. */
  readonly open: Int32Array;
  /** How many opens were numbered. */
  readonly opens: number;
}

/** Two events of one thread further apart than this are two calls. Nanoseconds; a call that sleeps for a load is cut. */
const CALL_GAP = 20_000_000;

/** Failed loads that are told one by one. */
const MOST_FINDINGS = 2_000;

/** Two puts of one exit function, which may wait for RCU or for a device. Nanoseconds. */
const EXIT_GAP = 200_000_000;

/** Only a program's own open(2) takes these: a thread that does so is no longer inside an init function or mount(2). */
function isUserOpen(part: OpenPart): boolean {
  return part === OpenPart.device || part === OpenPart.operations || part === OpenPart.first;
}

/** What an open has taken so far, as bits: decides whether the next get can still belong to it. */
const Taken = { device: 1, operations: 2, socket: 4, socketTwice: 8, first: 16, put: 32 } as const;

/**
 * Whether a get begins an open of its own. A character device takes the device's reference (exact_lock at first,
 * chrdev_open later), then that of its file operations (chrdev_open); a socket its family's, then its operations'.
 */
function beginsOpen(part: OpenPart, taken: number): boolean {
  switch (part) {
    case OpenPart.any:
      return false;
    case OpenPart.device:
      return taken !== 0;
    case OpenPart.operations:
      return (taken & ~(Taken.device | Taken.operations)) !== 0 || taken === (Taken.device | Taken.operations);
    case OpenPart.socket:
      return (taken & (Taken.put | Taken.socketTwice | Taken.first | Taken.operations)) !== 0;
    default:
      return true;
  }
}

function take(part: OpenPart, taken: number): number {
  switch (part) {
    case OpenPart.device:
      return taken | Taken.device;
    case OpenPart.operations:
      return (taken & Taken.operations) !== 0 ? taken | Taken.device : taken | Taken.operations;
    case OpenPart.socket:
      return (taken & Taken.socket) !== 0 ? taken | Taken.socketTwice : taken | Taken.socket;
    case OpenPart.first:
      return taken | Taken.first;
    default:
      return taken;
  }
}

/**
 * Follows every thread through its events: which module it is loading, which it has just freed, whether it mounts,
 * which gets make up one open.
 *
 * Source: kernel/module/main.c load_module, do_init_module, free_module; fs/char_dev.c chrdev_open; fs/namespace.c do_new_mount.
 */
export function* followThreads(
  table: EventTable,
  sites: readonly SiteClass[],
  { threadOf, threads }: TaskNumbers,
  findings: Finding[],
): Generator<void, ThreadContext> {
  const by = new Int32Array(table.length).fill(-1);
  const flags = new Uint8Array(table.length);
  const open = new Int32Array(table.length).fill(-1);
  let opens = 0;

  const lastTime = new Float64Array(threads).fill(Number.NEGATIVE_INFINITY);
  const lastOpen = new Int32Array(threads).fill(-1);
  const taken = new Uint8Array(threads);
  const loading = new Int32Array(threads).fill(-1);
  const loaded = new Int32Array(threads).fill(-1);
  const freed = new Int32Array(threads).fill(-1);
  const mounting = new Int32Array(threads).fill(-1);
  const pending = new Map<number, number[]>();
  // Puts that may turn out to be those of an exit function, when a module_free follows: the last one, and each one's before.
  const leaving = new Int32Array(threads).fill(-1);
  const leftBefore = new Int32Array(table.length);
  const hasTime = table.clock.unit === 'nanoseconds';
  let nextLoss = 0;

  const settleLinks = (thread: number, loadRow: number) => {
    const rows = pending.get(thread);
    if (rows === undefined) return;
    pending.delete(thread);
    // One module links to another once. A second link to the same one shows that the load of the first is not recorded.
    const lastOfModule = new Map<number, number>();
    for (const row of rows) lastOfModule.set(table.module[row]!, row);
    const lastDouble = rows.findLastIndex((row) => lastOfModule.get(table.module[row]!) !== row);
    rows.forEach((row, index) => {
      if (index <= lastDouble) flags[row]! |= RowFlag.doubtfulLink;
      else {
        by[row] = loadRow;
        flags[row]! |= RowFlag.linked;
      }
    });
  };

  yield* inSteps(0, table.length, (from, to) => {
    for (let row = from; row < to; row++) {
      while (nextLoss < table.lost.length && table.lost[nextLoss]!.beforeRow <= row) {
        // Whatever any thread was in the middle of may have ended unseen.
        loading.fill(-1);
        freed.fill(-1);
        mounting.fill(-1);
        for (const rows of pending.values()) for (const link of rows) flags[link]! |= RowFlag.doubtfulLink;
        pending.clear();
        while (nextLoss < table.lost.length && table.lost[nextLoss]!.beforeRow <= row) nextLoss++;
      }
      const task = table.task[row]!;
      const thread = task < 0 ? -1 : threadOf[task]!;
      if (thread < 0) continue;
      const kind = table.kind[row];
      const time = table.time[row]!;
      const pause = time - lastTime[thread]!;
      const sameCall = !hasTime || pause <= CALL_GAP;
      lastTime[thread] = time;
      if (kind !== EventKind.put && kind !== EventKind.free) leaving[thread] = -1;

      switch (kind) {
        case EventKind.load:
          settleLinks(thread, row);
          loading[thread] = row;
          freed[thread] = -1;
          mounting[thread] = -1;
          lastOpen[thread] = -1;
          break;
        case EventKind.free: {
          const load = loaded[thread]!;
          if (load >= 0 && table.module[load] === table.module[row] && findings.length < MOST_FINDINGS) {
            const module = table.modules[table.module[row]!]!;
            findings.push({
              kind: 'failed-load',
              row,
              module,
              text: `The init function of ${module} failed: it was freed by the thread that loaded it.`,
            });
          }
          for (let put = leaving[thread]!; put >= 0; put = leftBefore[put]!) {
            by[put] = row;
            flags[put]! |= RowFlag.inExit;
          }
          leaving[thread] = -1;
          loaded[thread] = -1;
          loading[thread] = -1;
          freed[thread] = row;
          lastOpen[thread] = -1;
          break;
        }
        case EventKind.request:
          lastOpen[thread] = -1;
          break;
        case EventKind.get: {
          const site = sites[table.callSite[row]!];
          if (site === undefined) break;
          loaded[thread] = -1;
          if (site.getRole === SiteRole.link) {
            // A thread that links again has returned from the init function before, whether that was recorded or not.
            loading[thread] = -1;
            mounting[thread] = -1;
            const rows = pending.get(thread);
            if (rows === undefined) pending.set(thread, [row]);
            else rows.push(row);
            break;
          }
          if (isUserOpen(site.openPart)) {
            loading[thread] = -1;
            mounting[thread] = -1;
          }
          const beginsMount = site.getRole === SiteRole.mountStart;
          if (beginsMount && loading[thread]! < 0) mounting[thread] = row;
          if (loading[thread]! >= 0) {
            by[row] = loading[thread]!;
            flags[row]! |= RowFlag.inInit;
          } else if (mounting[thread]! >= 0) {
            by[row] = mounting[thread]!;
            flags[row]! |= RowFlag.inMount;
            if (!beginsMount) {
              open[row] = open[mounting[thread]!]!;
              break;
            }
          }
          const part = site.openPart;
          if (part === OpenPart.none || lastOpen[thread]! < 0 || !sameCall || beginsOpen(part, taken[thread]!)) {
            lastOpen[thread] = part === OpenPart.none ? -1 : opens;
            open[row] = opens++;
            taken[thread] = 0;
          } else open[row] = lastOpen[thread]!;
          taken[thread] = take(part, taken[thread]!);
          break;
        }
        case EventKind.put: {
          const site = sites[table.callSite[row]!];
          if (site === undefined) break;
          if (site.putRole === SiteRole.loader) {
            const load = loading[thread]!;
            if (load >= 0 && table.module[load] === table.module[row]) loaded[thread] = load;
            loading[thread] = -1;
            break;
          }
          if (site.putRole === SiteRole.unlink) {
            const rows = pending.get(thread);
            const index = rows?.findLastIndex((link) => table.module[link] === table.module[row]) ?? -1;
            if (freed[thread]! >= 0) {
              by[row] = freed[thread]!;
              flags[row]! |= RowFlag.unlinked;
            } else if (index >= 0) {
              const link = rows!.splice(index, 1)[0]!;
              by[row] = link;
              by[link] = row;
              flags[row]! |= RowFlag.failedLink;
              flags[link]! |= RowFlag.failedLink;
            }
            break;
          }
          loaded[thread] = -1;
          if (mounting[thread]! >= 0) {
            by[row] = mounting[thread]!;
            flags[row]! |= RowFlag.inMount;
            open[row] = open[mounting[thread]!]!;
            if (site.putRole === SiteRole.mountEnd) mounting[thread] = -1;
          } else if (sameCall && lastOpen[thread]! >= 0) {
            open[row] = lastOpen[thread]!;
            taken[thread]! |= Taken.put;
          } else lastOpen[thread] = -1;
          if ((flags[row]! & RowFlag.inMount) === 0) {
            leftBefore[row] = hasTime && pause > EXIT_GAP ? -1 : leaving[thread]!;
            leaving[thread] = row;
          }
          break;
        }
      }
    }
  });
  return { by, flags, open, opens };
}
