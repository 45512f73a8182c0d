import { containerOf, unitOf } from '../analysis/present/name-process.ts';
import type { ProcessNote } from '../event-table/process-note.ts';
import type { LineNumber } from '../units.ts';
import type { ProcessFacts } from './recording-view.ts';

/**
 * Who had a pid at a line, by what was looked up while it was recorded: a note stands behind the first event of its
 * process, so the next one is meant, else the last before.
 */
export function findProcess(notes: readonly ProcessNote[], pid: number, line: LineNumber): ProcessFacts | undefined {
  const own = notes.filter((note) => note.pid === pid || note.process === pid);
  const note = own.find((one) => one.line >= line) ?? own.at(-1);
  if (note === undefined) return undefined;
  const { process, comm, executable, parents, cgroups, user } = note;
  return { pid: process, comm, executable, parents, unit: unitOf(cgroups), container: containerOf(cgroups), user };
}
