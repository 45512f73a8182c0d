import type { ProcessNote } from '../event-table/process-note.ts';
import type { LineNumber } from '../units.ts';
import type { ByteText } from './decode-bytes.ts';

/** What a line begins with that says who a process is; the rest is JSON in ASCII, written by ModShark itself. */
const processNotePrefix = '# process: ';

const mostParents = 16;
const mostCgroups = 4;
const longestName = 64;
const longestPath = 4096;

/** Reads such a line; undefined where it is none, or not as it should be. A file may say anything: all of it is bounded. */
export function readProcessNote(text: ByteText, line: LineNumber): ProcessNote | undefined {
  if (!text.startsWith(processNotePrefix)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text.slice(processNotePrefix.length));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, process, comm, executable, parents, cgroups, user } = value as Record<string, unknown>;
  if (!isPid(pid) || !isPid(process) || !isText(comm, longestName) || !isText(executable, longestPath))
    return undefined;
  if (!Array.isArray(parents) || parents.length > mostParents || !parents.every(isParent)) return undefined;
  if (!Array.isArray(cgroups) || cgroups.length > mostCgroups) return undefined;
  if (!cgroups.every((cgroup) => isText(cgroup, longestPath)) || !isPid(user)) return undefined;
  return {
    pid,
    process,
    comm,
    executable,
    parents: parents.map((parent) => ({ pid: parent.pid, comm: parent.comm })),
    cgroups,
    user,
    line,
  };
}

function isParent(value: unknown): value is ProcessNote['parents'][number] {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, comm } = value as Record<string, unknown>;
  return isPid(pid) && isText(comm, longestName);
}

function isPid(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32;
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest;
}
