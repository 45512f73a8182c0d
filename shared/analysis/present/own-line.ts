import type { ProcessFact } from '../../snapshot/system-snapshot.ts';
import type { SnapshotIndex } from './index-snapshot.ts';
import { isUserUnit, unitOf } from './name-process.ts';

/** Ancestors of a process: real ones are ten at most. */
const MOST_ANCESTORS = 64;

/** Found out once: every holder asks. */
const known = new WeakMap<SnapshotIndex, readonly ProcessFact[]>();

/**
 * The process that asked for the look and those that it descends from: ModShark, the shell that it was typed into, the
 * terminal, the login; and the processes that ModShark's window consists of. Process 1 is nobody's own.
 */
export function listOwnLine(index: SnapshotIndex): readonly ProcessFact[] {
  let line = known.get(index);
  if (line === undefined) {
    const ancestors = listAncestors(index);
    line = [...ancestors, ...listParts(index, ancestors)];
    known.set(index, line);
  }
  return line;
}

function listAncestors({ snapshot, process }: SnapshotIndex): ProcessFact[] {
  const line: ProcessFact[] = [];
  for (let at = process(snapshot.asker ?? 0); at !== undefined && at.pid > 1; at = process(at.parent)) {
    if (line.includes(at) || line.length >= MOST_ANCESTORS) break;
    line.push(at);
  }
  return line;
}

/** A window of Electron is several processes of one program, each made by another of them; a shell in it is none. */
function listParts({ snapshot, process }: SnapshotIndex, [asker]: readonly ProcessFact[]): ProcessFact[] {
  if (asker?.executable === undefined) return [];
  const isPart = (fact: ProcessFact): boolean => {
    let at: ProcessFact | undefined = fact;
    for (let steps = 0; at !== undefined && at !== asker && steps < MOST_ANCESTORS; steps++)
      at = at.executable === asker.executable ? process(at.parent) : undefined;
    return at === asker && fact !== asker;
  };
  return [...snapshot.processes.values()].filter(isPart);
}

/** What is said of whatever takes ModShark with it. */
export const OWN_END = 'ModShark, which runs under it, ends too';

/** Whether ModShark runs in a unit of the system’s or of a user’s systemd. */
export function isInUnit(index: SnapshotIndex, unit: string, ofUser: boolean): boolean {
  return listOwnLine(index).some(({ cgroups }) => unitOf(cgroups) === unit && isUserUnit(cgroups) === ofUser);
}
