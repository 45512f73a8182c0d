import { runSteps } from '../../run-steps.ts';
import type { LoadedModule, SystemSnapshot } from '../../snapshot/system-snapshot.ts';
import type { RecordingTime } from '../../units.ts';
import type { Analysis } from '../analysis.ts';
import { holderSort } from '../holder-kinds.ts';
import { endProcesses } from './end-processes.ts';
import { findThingsInSteps } from './find-things.ts';
import { claimReferences, type FittedClaim, fitClaims, type ModuleClaim } from './fit-claims.ts';
import type { SnapshotIndex } from './index-snapshot.ts';
import { mergeRecorded } from './merge-recorded.ts';
import { nameProcess } from './name-process.ts';
import type { PresentAccounting, PresentHolder, ReleaseWay } from './present-accounting.ts';
import type { Thing } from './reference-rule.ts';
import { isLinkHolder, wordPresent } from './word-present.ts';

/** A recording that runs until now, or did. */
export interface Recorded {
  readonly analysis: Analysis;
  /** Its time at the snapshot; its end, where it ended before. */
  readonly now: RecordingTime;
}

/** Processes of one holder that are told of. */
const MOST_PROCESSES = 64;
/** Holders that are described in one step. */
const STEP_HOLDERS = 128;

/** The ways to end a thing: its own, or those of the processes that have it open. */
export function waysOf(index: SnapshotIndex, { ways, pids, rule }: Thing): readonly ReleaseWay[] {
  if (ways !== undefined) return ways;
  const { aftermath, graphics } = rule;
  return endProcesses(index, pids, graphics).map((way) =>
    aftermath === undefined
      ? way
      : { ...way, consequence: [way.consequence, aftermath].filter((text) => text !== '').join('; ') },
  );
}

/** Shown among text that is escaped, which would make another of a command with a backslash: the plan has that one. */
function wordWay({ title, command }: ReleaseWay): string {
  return command === undefined || command.includes('\\') ? `${title}.` : `${title}: ${command}`;
}

function describeThing(index: SnapshotIndex, { thing, references, confidence }: FittedClaim): PresentHolder {
  const sort = holderSort(thing.rule.kind);
  const processes = thing.pids
    .slice(0, MOST_PROCESSES)
    .map((pid) => index.process(pid))
    .filter((fact) => fact !== undefined)
    .map(nameProcess);
  const [way] = waysOf(index, thing);
  return {
    key: thing.key,
    // An open file is its program's, even one on a block device.
    kind: processes.length > 0 && sort.kind === 'device' ? 'task' : sort.kind,
    name: thing.name,
    processes,
    unit: processes[0]?.container ?? processes[0]?.unit,
    references,
    noun: thing.noun ?? thing.rule.noun ?? sort.noun,
    object: thing.object,
    confidence,
    evidence: thing.evidence.map((text) => ({ from: 'snapshot', text })),
    meaning: thing.rule.meaning,
    release: way === undefined ? thing.rule.release : wordWay(way),
  };
}

function cautionsOf(module: LoadedModule, snapshot: SystemSnapshot, unexplained: number): string[] {
  const cautions: string[] = [];
  const { refcount, refcountAfter, permanent, state } = module;
  if (refcount === undefined)
    cautions.push('This kernel was built without unloading of modules: it counts no references.');
  if (state === 'going') cautions.push('It is being unloaded.');
  if (state === 'coming') cautions.push('It is being loaded: its loader holds it until its init function returns.');
  if (permanent) cautions.push('It has no exit function: it stays until a reboot, whoever lets go of it.');
  if (refcount !== refcountAfter)
    cautions.push(
      refcountAfter === undefined
        ? 'It was unloaded while this was read.'
        : `Its count changed from ${refcount} to ${refcountAfter} while this was read: look again.`,
    );
  if (unexplained > 0) {
    if (!snapshot.asRoot) cautions.push('Looked as an ordinary user: what other users hold cannot be seen.');
    for (const { what, why } of snapshot.unseen.slice(0, 4)) cautions.push(`Could not look at ${what}: ${why}`);
  }
  return cautions;
}

function* accountModule(
  index: SnapshotIndex,
  module: LoadedModule,
  claims: readonly ModuleClaim[],
  recorded: Recorded | undefined,
): Generator<void, PresentAccounting> {
  const refcount = module.refcount;
  const { fitted, excess } = fitClaims(Math.max(0, refcount ?? 0), claims);
  const seen: PresentHolder[] = [];
  for (const claim of fitted) {
    seen.push(describeThing(index, claim));
    if (seen.length % STEP_HOLDERS === 0) yield;
  }
  const merged = mergeRecorded(index, module, seen, recorded);
  const holders = merged.holders.toSorted((a, b) => rank(b) - rank(a) || (a.key < b.key ? -1 : 1));
  const explained = holders.reduce((sum, one) => sum + (one.confidence === 'low' ? 0 : one.references), 0);
  const probable = holders.reduce((sum, one) => sum + (one.confidence === 'medium' ? one.references : 0), 0);
  const linked = holders.filter(isLinkHolder).reduce((sum, one) => sum + one.references, 0);
  const unexplained = Math.max(0, refcount ?? 0) - explained;
  const accounting = {
    module: module.name,
    state: module.state,
    refcount,
    linked,
    explained,
    probable,
    unexplained,
    permanent: module.permanent,
    taints: module.taints,
    holders,
    cautions: [
      ...cautionsOf(module, index.snapshot, unexplained),
      ...excess.slice(0, 4).map(({ thing, references }) => wordExcess(thing, references)),
      ...merged.cautions,
    ],
  };
  return { ...accounting, arithmetic: wordPresent(accounting) };
}

function wordExcess({ evidence, rule }: Thing, references: number): string {
  const what = references === 1 ? '1 reference' : `${references} references`;
  return `By what is known of this kind (${rule.source}) there should be ${what} more: ${evidence[0]}. Either it ended meanwhile, or this kernel counts otherwise.`;
}

/** Links first, then by how sure it is, then the most references. */
function rank(holder: PresentHolder): number {
  const levels = { certain: 3, high: 2, medium: 1, low: 0 };
  return (isLinkHolder(holder) ? 1e9 : 0) + levels[holder.confidence] * 1e8 + Math.min(holder.references, 1e7);
}

/**
 * Accounts for every reference to every loaded module, now: refcount = holders + explained by evidence + unexplained.
 *
 * With a recording, a hold that is open in it and seen in the snapshot is one holder with two pieces of evidence.
 */
export function accountForPresent(snapshot: SystemSnapshot, recorded?: Recorded): PresentAccounting[] {
  return runSteps(accountInSteps(snapshot, recorded));
}

/** The same in steps of some milliseconds, between which other work may be done. What was recorded must stay as it is. */
export function* accountInSteps(snapshot: SystemSnapshot, recorded?: Recorded): Generator<void, PresentAccounting[]> {
  const { index, things } = yield* findThingsInSteps(snapshot);
  const claims = yield* claimReferences(index, things);
  const accounts: PresentAccounting[] = [];
  for (const module of index.snapshot.modules) {
    accounts.push(yield* accountModule(index, module, claims.get(module.name) ?? [], recorded));
    yield;
  }
  return accounts;
}
