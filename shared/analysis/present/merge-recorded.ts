import type { LoadedModule, ProcessFact } from '../../snapshot/system-snapshot.ts';
import { accountFor } from '../account-for.ts';
import type { HolderAccount } from '../accounting.ts';
import type { ConfidenceName } from '../hold-table.ts';
import { holderSort } from '../holder-kinds.ts';
import type { Recorded } from './account-for-present.ts';
import type { SnapshotIndex } from './index-snapshot.ts';
import { nameProcess } from './name-process.ts';
import type { PresentEvidence, PresentHolder } from './present-accounting.ts';
import { linkKey } from './rules/links.ts';
import { isLinkHolder } from './word-present.ts';

export interface Merged {
  readonly holders: readonly PresentHolder[];
  readonly cautions: readonly string[];
}

/** A holder seen in the snapshot, and how many of its references the recording told of as well. */
interface Draft {
  holder: PresentHolder;
  matched: number;
}

const linkNoun = holderSort('module-link').noun;

function evidenceOf(account: HolderAccount): PresentEvidence {
  const { evidence: text, callSite, since, holds } = account;
  return { from: 'recording', text, callSite, since, holds };
}

/** The process of a task of the recording: the pid of an event is a thread's. */
function findProcess(index: SnapshotIndex, pid: number): ProcessFact | undefined {
  const leader = index.process(pid);
  if (leader !== undefined) return leader;
  for (const process of index.snapshot.processes.values()) if (process.threads.includes(pid)) return process;
  return undefined;
}

function isTask({ kind }: Pick<HolderAccount, 'kind'>): boolean {
  return kind === 'task' || kind === 'socket';
}

/** The snapshot's holders that may be a recorded one, the likeliest first. */
function findAlike(index: SnapshotIndex, account: HolderAccount, drafts: readonly Draft[]): Draft[] {
  const { kind, name, pid, noun } = account;
  if (kind === 'module' && noun === linkNoun) return drafts.filter(({ holder }) => holder.key === linkKey(name));
  const others = drafts.filter(({ holder }) => !isLinkHolder(holder));
  const alike = (draft: Draft) => (draft.holder.noun === noun ? 1 : 0);
  const byNoun = (list: readonly Draft[]) => list.toSorted((a, b) => alike(b) - alike(a));
  if (isTask(account) && pid !== undefined) {
    const process = findProcess(index, pid);
    const own = others.filter(({ holder }) => holder.processes.some((one) => one.pid === process?.pid));
    if (own.length > 0) return byNoun(own);
    // It was forked or handed on: the kernel tells of neither. Somebody else has it now.
    return byNoun(others.filter(({ holder }) => isTask(holder) && holder.processes.length > 0));
  }
  if (kind === 'module')
    return others.filter(({ holder }) => holder.noun === noun || holder.key.startsWith('internal-filesystem|'));
  return byNoun(others.filter(({ holder }) => holder.kind === kind));
}

/** Things may be told of by other words there: the disk under a mount, a socket that a module keeps. */
function findLoose({ kind, name, noun }: HolderAccount, drafts: readonly Draft[]): Draft[] {
  if (kind === 'module' && noun === linkNoun) return [];
  return drafts.filter(
    ({ holder }) => !isLinkHolder(holder) && (holder.processes.length === 0 || holder.name === name),
  );
}

function inTurn(first: readonly Draft[], then: readonly Draft[]): Draft[] {
  return [...new Set([...first, ...then])];
}

const levels: readonly ConfidenceName[] = ['low', 'medium', 'high', 'certain'];

/** Two independent pieces of evidence are surer than either. */
function surer(seen: ConfidenceName, recorded: ConfidenceName): ConfidenceName {
  if (seen === 'low') return recorded;
  return recorded === 'low' ? seen : levels[Math.max(levels.indexOf(seen), levels.indexOf(recorded))]!;
}

/** A hold that no file of the snapshot shows, told as what the recording knows of it. */
function keepRecorded(index: SnapshotIndex, account: HolderAccount, references: number): PresentHolder {
  const { kind, name, pid, noun, meaning, release } = account;
  const process = pid === undefined ? undefined : findProcess(index, pid);
  // What it has open could be looked at, and is not there: in flight to another process, in io_uring, or it is gone.
  const gone = isTask(account) && process === undefined;
  const missing = isTask(account) && process?.inspected === true;
  const confidence = gone ? 'low' : missing && account.confidence !== 'low' ? 'medium' : account.confidence;
  const named = process === undefined ? [] : [nameProcess(process)];
  return {
    key: `recorded|${kind}|${name}|${pid ?? ''}|${noun}|${account.confidence}`,
    kind,
    name,
    processes: named,
    unit: named[0]?.container ?? named[0]?.unit,
    references,
    noun,
    object: gone ? `taken by ${name} (${pid}), which has ended` : '',
    confidence,
    evidence: [evidenceOf(account)],
    meaning,
    release,
  };
}

/**
 * Puts what a recording tells of the open references of a module beside what the snapshot shows of them: what both
 * know of is one holder. What only the recording knows of is kept as far as references are left to be explained.
 */
export function mergeRecorded(
  index: SnapshotIndex,
  module: LoadedModule,
  seen: readonly PresentHolder[],
  recorded: Recorded | undefined,
): Merged {
  if (recorded === undefined) return { holders: seen, cautions: [] };
  const accounting = accountFor(recorded.analysis, module.name, recorded.now);
  if (accounting.state === 'unknown') return { holders: seen, cautions: [] };
  const cautions: string[] = [];
  const refcount = Math.max(0, module.refcount ?? 0);
  if (accounting.state === 'absent') {
    if (accounting.holders.length > 0 || recorded.analysis.detail.moduleNumbers.has(module.name))
      cautions.push('The recording ends with this module unloaded, and now it is loaded: it tells of an earlier time.');
    return { holders: seen, cautions };
  }
  if (accounting.lsmod !== undefined && accounting.lsmod !== refcount)
    cautions.push(
      `The recording ends with a count of ${accounting.lsmod}, and the system has ${refcount}: it ended before, or events are missing.`,
    );
  const drafts = seen.map((holder): Draft => ({ holder, matched: 0 }));
  const left: { account: HolderAccount; references: number }[] = [];
  for (const account of accounting.holders) {
    if (account.kind === 'baseline' || account.kind === 'loader') continue;
    if (account.kind === 'unknown' && account.pid === undefined) continue;
    const rest = matchAccount(index, account, drafts);
    if (rest > 0) left.push({ account, references: rest });
  }
  let open =
    refcount - drafts.reduce((sum, { holder }) => sum + (holder.confidence === 'low' ? 0 : holder.references), 0);
  const kept: PresentHolder[] = [];
  for (const { account, references } of left) {
    const given = Math.min(references, open);
    const who = account.pid === undefined ? account.name : `${account.name} (${account.pid})`;
    if (given > 0) {
      const holder = keepRecorded(index, account, given);
      kept.push(holder);
      if (holder.confidence !== 'low') open -= given;
    }
    if (given < references)
      cautions.push(
        `By the recording ${who} holds ${references - given} more (${account.noun}), which the system does not count: it was given back unseen.`,
      );
  }
  const total = [...drafts.map(({ holder }) => holder), ...kept];
  return { holders: boundHints(total, refcount), cautions: cautions.slice(0, 8) };
}

/** Matches one recorded holder; how many of its references nothing in the snapshot stands for. */
function matchAccount(index: SnapshotIndex, account: HolderAccount, drafts: readonly Draft[]): number {
  let rest = account.references;
  for (const draft of inTurn(findAlike(index, account, drafts), findLoose(account, drafts))) {
    const free = draft.holder.references - draft.matched;
    if (rest === 0) break;
    if (free <= 0) continue;
    const taken = Math.min(free, rest);
    rest -= taken;
    draft.matched += taken;
    draft.holder = {
      ...draft.holder,
      confidence: surer(draft.holder.confidence, account.confidence),
      evidence: [...draft.holder.evidence, evidenceOf(account)],
      meaning:
        account.confidence === 'low' || draft.holder.confidence !== 'low' ? draft.holder.meaning : account.meaning,
    };
  }
  return rest;
}

/** Hints that became explained leave less for the others. */
function boundHints(holders: readonly PresentHolder[], refcount: number): PresentHolder[] {
  let left = refcount - holders.reduce((sum, one) => sum + (one.confidence === 'low' ? 0 : one.references), 0);
  return holders.flatMap((holder) => {
    if (holder.confidence !== 'low') return [holder];
    const references = Math.min(holder.references, left);
    left -= references;
    return references > 0 ? [{ ...holder, references }] : [];
  });
}
