import { decodeText } from '../trace-text/decode-bytes.ts';
import { readNumber, splitFields, splitNames } from './split-fields.ts';
import type { ProcessFact } from './system-snapshot.ts';

/** PF_KTHREAD in include/linux/sched.h. */
const kernelThreadFlag = 0x00200000;

export interface ReadProcess {
  readonly fact: ProcessFact;
  /** The errno of listing its open files. */
  readonly error: number;
}

/**
 * The fields of `:process`: stat, user, executable, cgroups, namespaces, threads, errno of its open files.
 *
 * Errors: undefined where the first says nothing: the process ended.
 *
 * Source: proc_pid_stat(5), proc_pid_cgroup(5).
 */
export function readProcess(pid: number, text: string): ReadProcess | undefined {
  const [stat = '', user, executable = '', cgroups = '', namespaces = '', threads = '', error] = splitFields(text);
  const open = stat.indexOf('(');
  const close = stat.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  // The third field of stat is the first behind the name.
  const fields = stat.slice(close + 2).split(' ');
  const number = (field: number) => readNumber(fields[field - 3]) ?? 0;
  const kernelThread = Math.floor(number(9) / kernelThreadFlag) % 2 === 1;
  const code = readNumber(error) ?? 0;
  const fact: ProcessFact = {
    pid,
    parent: number(4),
    comm: decodeText(stat.slice(open + 1, close)),
    executable: executable === '' ? undefined : decodeText(executable),
    user: readNumber(user) ?? 0,
    startTicks: number(22),
    kernelThread,
    cgroups: cgroups
      .split('\n')
      .filter((line) => line !== '')
      .map(decodeText),
    namespaces: readNamespaces(namespaces),
    inspected: code === 0,
    threads: splitNames(threads)
      .map(Number)
      .filter((thread) => Number.isSafeInteger(thread) && thread !== pid),
  };
  return { fact, error: code };
}

function readNamespaces(text: string): ProcessFact['namespaces'] {
  const [mnt, net, pid, user] = text.split(' ').map(Number);
  if (!mnt || !net) return undefined;
  return { mnt, net, pid: pid || 0, user: user || 0 };
}
