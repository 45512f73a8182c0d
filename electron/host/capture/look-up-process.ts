import { readFileSync, readlinkSync } from 'node:fs';
import type { ProcessNote } from '../../../shared/event-table/process-note.ts';

/** What of /proc can be read; a test has its own. */
export interface ProcessFiles {
  /** The text of a file; undefined where it cannot be read. */
  read(path: string): string | undefined;
  /** The target of a link; undefined where it cannot be read. */
  follow(path: string): string | undefined;
}

export const realProcessFiles: ProcessFiles = {
  read: (path) => orUndefined(() => readFileSync(path, 'utf8')),
  follow: (path) => orUndefined(() => readlinkSync(path)),
};

const mostParents = 8;
const longestText = 1024;

/**
 * Looks up who has a pid, as the user who records: its executable, who started it, its unit. Undefined where it is gone,
 * and for kernel threads, of which there is no more to say than their name.
 *
 * Source: proc_pid_stat(5), proc_pid_status(5), cgroups(7). A thread's id leads to the files of its process, too.
 */
export function lookUpProcess(pid: number, files: ProcessFiles): Omit<ProcessNote, 'line'> | undefined {
  const own = readStat(pid, files);
  if (own === undefined || own.isKernelThread) return undefined;
  const status = files.read(`/proc/${pid}/status`) ?? '';
  const cgroups = (files.read(`/proc/${pid}/cgroup`) ?? '').split('\n');
  const parents: { pid: number; comm: string }[] = [];
  for (let at = own.parent; at > 0 && parents.length < mostParents; ) {
    const parent = readStat(at, files);
    if (parent === undefined) break;
    parents.push({ pid: at, comm: parent.comm });
    at = parent.parent;
  }
  return {
    pid,
    process: Number(/^Tgid:\t(\d+)$/m.exec(status)?.[1] ?? pid),
    comm: own.comm,
    executable: (files.follow(`/proc/${pid}/exe`) ?? '').slice(0, longestText),
    parents,
    cgroups: cgroups
      .filter((line) => /^(?:0::|\d+:name=systemd:)/.test(line))
      .slice(0, 2)
      .map((line) => line.slice(0, longestText)),
    user: Number(/^Uid:\t(\d+)/m.exec(status)?.[1] ?? 0),
  };
}

/** Source: PF_KTHREAD in include/linux/sched.h. */
const kernelThreadFlag = 0x0020_0000;

function readStat(
  pid: number,
  files: ProcessFiles,
): { readonly comm: string; readonly parent: number; readonly isKernelThread: boolean } | undefined {
  const stat = files.read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name may hold parentheses and blanks itself; what follows it never does.
  const end = stat.lastIndexOf(')');
  const comm = stat.slice(stat.indexOf('(') + 1, end).slice(0, 64);
  const [, parent, , , , , flags] = stat.slice(end + 2).split(' ');
  return { comm, parent: Number(parent), isKernelThread: (Number(flags) & kernelThreadFlag) !== 0 };
}

function orUndefined<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
