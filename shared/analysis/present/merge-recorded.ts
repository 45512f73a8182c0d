import type { LoadedModule, ProcessFact } from '../../snapshot/system-snapshot.ts';
import type { RecordingTime } from '../../units.ts';
import { accountFor } from '../account-for.ts';
import type { HolderAccount } from '../accounting.ts';
import type { Analysis } from '../analysis.ts';
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
  /** As the snapshot alone tells of it. */
  readonly seen: PresentHolder;
}

interface RecordedLook {
  readonly index: SnapshotIndex;
  readonly analysis: Analysis;
}

/** What the kernel prints for the name of a task that it does not know. */
const UNNAMED = '<...>';

const linkNoun = holderSort('module-link').noun;

function evidenceOf({ holds: all, table }: Analysis, account: HolderAccount): PresentEvidence {
  const { evidence: text, callSite, since, holds } = account;
  const row = all.startRow[holds[0] ?? -1] ?? -1;
  const stack = table.stacks[table.stack[row] ?? -1];
  return { from: 'recording', text, callSite, since, holds, ...(stack === undefined ? {} : { stack }) };
}

/** How far the clocks of a recording and of processes may be apart: `local` is not quite `mono`. */
const CLOCK_SLACK_S = 1;

/**
 * When a process was started by the clock of a recording, at the earliest: processes count the time that the machine
 * slept as well. Undefined where the snapshot does not say how long it is up.
 *
 * Units: seconds.
 */
function startOf({ snapshot, lines }: SnapshotIndex, { startTicks }: ProcessFact): number | undefined {
  const up = Number.parseFloat(lines('/proc/uptime')[0] ?? '');
  if (Number.isNaN(up)) return undefined;
  const slept = Math.max(0, up - Number(snapshot.began) / NS_PER_S);
  return startTicks / TICKS_PER_SECOND - slept;
}

const NS_PER_S = 1e9;
const TICKS_PER_SECOND = 100;

/** Whether a process was started after a reference had been taken: another one that got the same pid. */
function isLater(index: SnapshotIndex, process: ProcessFact, { table }: Analysis, since: RecordingTime | undefined) {
  if (since === undefined || table.clock.unit !== 'nanoseconds') return false;
  const start = startOf(index, process);
  const taken = (Number(table.clock.start) + since) / NS_PER_S;
  return start !== undefined && start > taken + CLOCK_SLACK_S;
}

/** The process of a task of the recording, unless its pid is another's by now: the pid of an event is a thread's. */
function findProcess(
  index: SnapshotIndex,
  analysis: Analysis,
  { pid, since }: Pick<HolderAccount, 'pid' | 'since'>,
): ProcessFact | undefined {
  if (pid === undefined) return undefined;
  let process = index.process(pid);
  if (process === undefined)
    for (const one of index.snapshot.processes.values()) if (one.threads.includes(pid)) process = one;
  return process === undefined || isLater(index, process, analysis, since) ? undefined : process;
}

function isTask({ kind }: Pick<HolderAccount, 'kind'>): boolean {
  return kind === 'task' || kind === 'socket';
}

/** Those of the very process that took it. */
function findOwn(recorded: RecordedLook, account: HolderAccount, drafts: readonly Draft[]): Draft[] {
  if (!isTask(account)) return [];
  const process = findProcess(recorded.index, recorded.analysis, account);
  if (process === undefined) return [];
  return byNoun(
    account,
    drafts.filter(({ holder }) => !isLinkHolder(holder) && holder.processes.some((one) => one.pid === process.pid)),
  );
}

function byNoun({ noun }: HolderAccount, drafts: readonly Draft[]): Draft[] {
  const alike = (draft: Draft) => (draft.holder.noun === noun ? 1 : 0);
  return drafts.toSorted((a, b) => alike(b) - alike(a));
}

/** A program that may hold anything is no proof that it holds what another took. */
function isHint({ confidence, processes }: PresentHolder): boolean {
  return confidence === 'low' && processes.length > 0;
}

/** The snapshot's holders that may be a recorded one, the likeliest first. */
function findAlike(account: HolderAccount, drafts: readonly Draft[]): Draft[] {
  const { kind, name, pid, noun } = account;
  if (kind === 'module' && noun === linkNoun) return drafts.filter(({ holder }) => holder.key === linkKey(name));
  const others = drafts.filter(({ holder }) => !isLinkHolder(holder) && !isHint(holder));
  // It was forked or handed on: the kernel tells of neither. Somebody else has it now.
  if (isTask(account) && pid !== undefined)
    return byNoun(
      account,
      others.filter(({ holder }) => isTask(holder) && holder.processes.length > 0),
    );
  if (kind === 'module')
    return others.filter(({ holder }) => holder.noun === noun || holder.key.startsWith('internal-filesystem|'));
  return byNoun(
    account,
    others.filter(({ holder }) => holder.kind === kind),
  );
}

/** Things may be told of by other words there: the disk under a mount, a socket that a module keeps. */
function findLoose({ kind, name, noun }: HolderAccount, drafts: readonly Draft[]): Draft[] {
  if (kind === 'module' && noun === linkNoun) return [];
  return drafts.filter(
    ({ holder }) => !isLinkHolder(holder) && !isHint(holder) && (holder.processes.length === 0 || holder.name === name),
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
function keepRecorded({ index, analysis }: RecordedLook, account: HolderAccount, references: number): PresentHolder {
  const { kind, name, pid, noun, meaning, release } = account;
  const process = findProcess(index, analysis, account);
  // What it has open could be looked at, and is not there: in flight to another process, in io_uring, or it is gone.
  const gone = isTask(account) && process === undefined;
  const missing = isTask(account) && process?.inspected === true;
  const confidence = gone ? 'low' : missing && account.confidence !== 'low' ? 'medium' : account.confidence;
  const named = process === undefined ? [] : [nameProcess(process)];
  return {
    key: `recorded|${kind}|${name}|${pid ?? ''}|${noun}|${account.confidence}`,
    kind,
    // The kernel had not learned the task's name yet.
    name: name === UNNAMED && process !== undefined ? process.comm : name,
    processes: named,
    unit: named[0]?.container ?? named[0]?.unit,
    references,
    noun,
    object: gone ? `taken by ${name} (${pid}), which has ended` : '',
    confidence,
    evidence: [evidenceOf(analysis, account)],
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
  let drafts = seen.map((holder): Draft => ({ holder, matched: 0, seen: holder }));
  const left: { account: HolderAccount; references: number }[] = [];
  const look: RecordedLook = { index, analysis: recorded.analysis };
  const told = accounting.holders.filter(
    ({ kind, pid }) => kind !== 'baseline' && kind !== 'loader' && (kind !== 'unknown' || pid !== undefined),
  );
  // First whoever still has what it took: else somebody who is gone would be given it.
  const afterOwn = told.map((account) => ({
    account,
    rest: match(look.analysis, account, account.references, findOwn(look, account, drafts)),
  }));
  for (const { account, rest } of afterOwn) {
    const references = match(
      look.analysis,
      account,
      rest,
      inTurn(findAlike(account, drafts), findLoose(account, drafts)),
    );
    if (references > 0) left.push({ account, references });
  }
  drafts = drafts.flatMap(splitPartly);
  let open =
    refcount - drafts.reduce((sum, { holder }) => sum + (holder.confidence === 'low' ? 0 : holder.references), 0);
  const kept: PresentHolder[] = [];
  for (const { account, references } of left) {
    const given = Math.min(references, open);
    const who = account.pid === undefined ? account.name : `${account.name} (${account.pid})`;
    if (given > 0) {
      const holder = keepRecorded(look, account, given);
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

/** What is recorded of some references of a holder makes the others no surer. */
function splitPartly(draft: Draft): Draft[] {
  const { holder, matched, seen } = draft;
  const rest = seen.references - matched;
  if (matched === 0 || rest === 0 || holder.confidence === seen.confidence) return [draft];
  // It would be told of twice as the same; so it is as sure as what is least sure of it, but for a hint.
  if (seen.confidence !== 'low') return [{ ...draft, holder: { ...holder, confidence: seen.confidence } }];
  const hint = { ...seen, key: `${seen.key}|rest`, references: rest };
  return [
    { ...draft, holder: { ...holder, references: matched } },
    { holder: hint, matched: 0, seen: hint },
  ];
}

/** Matches references of one recorded holder; how many of them nothing in the snapshot stands for. */
function match(analysis: Analysis, account: HolderAccount, references: number, drafts: readonly Draft[]): number {
  let rest = references;
  for (const draft of drafts) {
    const free = draft.holder.references - draft.matched;
    if (rest === 0) break;
    if (free <= 0) continue;
    const taken = Math.min(free, rest);
    rest -= taken;
    draft.matched += taken;
    draft.holder = {
      ...draft.holder,
      confidence: surer(draft.holder.confidence, account.confidence),
      evidence: [...draft.holder.evidence, evidenceOf(analysis, account)],
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
