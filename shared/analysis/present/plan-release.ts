import type { SystemSnapshot } from '../../snapshot/system-snapshot.ts';
import { waysOf } from './account-for-present.ts';
import { tellUnloading } from './consequences.ts';
import { endProcesses } from './end-processes.ts';
import { findThings } from './find-things.ts';
import type { SnapshotIndex } from './index-snapshot.ts';
import { listHandOvers } from './list-hand-overs.ts';
import type { PresentAccounting, PresentHolder, ReleasePlan, ReleaseStep, ReleaseWay } from './present-accounting.ts';
import { quoteOperand } from './quote-shell.ts';
import type { Thing } from './reference-rule.ts';

/** Steps of one plan: nobody follows more, and a system that needs more is easier rebooted. */
const MOST_STEPS = 200;

interface Draft {
  readonly steps: ReleaseStep[];
  /** Whether there are more than a plan may have. */
  cut: boolean;
  readonly seen: Set<string>;
  /** Modules whose references are not all explained, on the way. */
  readonly unsure: Set<string>;
  /** Modules with references that are explained only probably. */
  readonly probable: Set<string>;
  readonly permanent: Set<string>;
  /** What holds a module for as long as the system runs. */
  readonly helpless: Map<string, Thing>;
  /** Modules with a reference that was taken and never given back, by a process that is gone; with its call site. */
  readonly leaked: Map<string, PresentHolder>;
}

interface Planner {
  readonly index: SnapshotIndex;
  readonly accounts: ReadonlyMap<string, PresentAccounting>;
  readonly things: ReadonlyMap<string, Thing>;
}

/** Letters of the reason of a step; a program may have a thousand files open. */
const MOST_REASON = 300;

/** What ends several things at once, such as the program that has them all open, is one step with all its reasons. */
function addStep(draft: Draft, step: ReleaseStep): void {
  const same = draft.steps.findIndex(({ alternatives }) => isAlike(alternatives, step.alternatives));
  const known = draft.steps[same];
  if (known !== undefined) {
    if (known.reason.length < MOST_REASON) draft.steps[same] = { ...known, reason: `${known.reason}; ${step.reason}` };
  } else if (draft.steps.length < MOST_STEPS) draft.steps.push(step);
  else draft.cut = true;
}

function isAlike(left: readonly ReleaseWay[], right: readonly ReleaseWay[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ command, title }, at) => command === right[at]!.command && title === right[at]!.title)
  );
}

function planThing(planner: Planner, draft: Draft, module: string, thing: Thing): void {
  if (draft.seen.has(thing.key)) return;
  draft.seen.add(thing.key);
  for (const key of thing.after ?? []) {
    // There are more steps than anybody follows already, and each thing may name thousands.
    if (draft.cut) break;
    const before = planner.things.get(key);
    if (before !== undefined) planThing(planner, draft, module, before);
  }
  for (const dependent of thing.endsWith ?? []) planUnload(planner, draft, module, dependent);
  const [first, ...others] = waysOf(planner.index, thing);
  if (thing.isPart === true) draft.cut = true;
  if (first !== undefined) {
    const reason = thing.evidence.slice(0, 2).join('; ');
    addStep(draft, { module, reason, alternatives: [first, ...others] });
  }
  noteHelpless(planner, draft, module, thing);
}

/** Everything that makes a dependent go: what holds it, and then itself. */
function planUnload(planner: Planner, draft: Draft, module: string, dependent: string): void {
  const key = `unload ${dependent}`;
  if (draft.seen.has(key) || !planner.index.modules.has(dependent)) return;
  draft.seen.add(key);
  planModule(planner, draft, dependent);
  const way: ReleaseWay = {
    title: `Unload ${dependent}`,
    command: `modprobe -r ${quoteOperand(dependent)}`,
    consequence: tellUnloading(planner.index, dependent, (thing) => draft.seen.has(thing)),
  };
  addStep(draft, {
    module,
    reason: `${dependent} uses ${module}`,
    alternatives: [way, ...waysToRemove(planner.index, dependent)],
  });
}

/** modprobe(8) looks a name up among the installed modules, which one that a developer loaded from a file is not. */
function waysToRemove({ modules }: SnapshotIndex, module: string): ReleaseWay[] {
  if (modules.get(module)?.taints.includes('O') !== true) return [];
  const consequence = 'where modprobe does not find it';
  return [{ title: `Remove ${module}`, command: `rmmod ${quoteOperand(module)}`, consequence }];
}

function planModule(planner: Planner, draft: Draft, module: string): void {
  const accounting = planner.accounts.get(module);
  if (accounting === undefined) return;
  if (accounting.permanent) draft.permanent.add(module);
  if (accounting.unexplained > 0) draft.unsure.add(module);
  if (accounting.probable > 0) draft.probable.add(module);
  const held = accounting.holders
    .map((holder) => ({ holder, thing: planner.things.get(holder.key) }))
    .toSorted((a, b) => stageOf(b.thing) - stageOf(a.thing) || (a.holder.key < b.holder.key ? -1 : 1));
  for (const { holder, thing } of held) {
    if (holder.evidence.some(({ from }) => from === 'recording') && thing === undefined)
      planRecorded(planner, draft, module, holder);
    if (thing === undefined || holder.confidence === 'low') continue;
    planThing(planner, draft, module, thing);
  }
}

/** Known, and yet there is nothing that anybody could do about it, or only a person can. */
function noteHelpless({ index, things }: Planner, draft: Draft, module: string, thing: Thing): void {
  const ways = waysOf(index, thing);
  const endsOtherwise =
    (thing.endsWith ?? []).some((name) => index.modules.has(name)) ||
    (thing.after ?? []).some((key) => things.has(key));
  if (thing.rule.forever || thing.stays !== undefined) draft.helpless.set(module, thing);
  else if (ways.length === 0 ? !endsOtherwise : ways.every(({ command }) => command === undefined))
    draft.unsure.add(module);
}

/** Dependents first, then devices and filesystems with what stands on them, programs last. */
function stageOf(thing: Thing | undefined): number {
  return thing?.rule.stage ?? -1;
}

/** What only a recording tells of: the process that took it is asked, or it is lost. */
function planRecorded({ index }: Planner, draft: Draft, module: string, holder: PresentHolder): void {
  if (draft.seen.has(`${module} ${holder.key}`)) return;
  draft.seen.add(`${module} ${holder.key}`);
  const [process] = holder.processes;
  if (holder.confidence === 'low') {
    if (process === undefined) draft.leaked.set(module, holder);
    return;
  }
  const reason = holder.evidence[0]?.text ?? '';
  const advice: ReleaseWay = { title: holder.release, command: undefined, consequence: '' };
  const others = endProcesses(
    index,
    holder.processes.map(({ pid }) => pid),
  );
  addStep(draft, { module, reason, alternatives: [advice, ...others] });
}

function callSiteOf(holder: PresentHolder): string {
  for (const evidence of holder.evidence) {
    if (evidence.from === 'recording' && evidence.callSite !== undefined) return evidence.callSite;
  }
  return 'an unknown call site';
}

/** Functions of a stack that a sentence names: what is below them is the same for every system call. */
const MOST_FRAMES = 8;

/** The tracer's own functions, which are on top of every stack that it takes. */
const ofTracer = /^(trace_event_raw_event_|__traceiter_|__bpf_trace_|perf_trace_)/;

function wordStack({ evidence }: PresentHolder): string {
  for (const one of evidence) {
    if (one.from === 'recording' && one.stack !== undefined)
      return ` and its stack: ${one.stack
        .filter((frame) => !ofTracer.test(frame))
        .slice(0, MOST_FRAMES)
        .join(' < ')}`;
  }
  return '';
}

function conclude(
  { accounts, index }: Planner,
  module: string,
  accounting: PresentAccounting,
  draft: Draft,
): Pick<ReleasePlan, 'outcome' | 'summary'> {
  const { permanent, helpless, leaked, unsure, probable, steps, cut } = draft;
  const list = (names: Iterable<string>) => [...names].slice(0, 4).join(', ');
  const told = tellUnloading(index, module, (thing) => draft.seen.has(thing));
  const warn = told === '' ? '' : ` With it, ${told}.`;
  if (accounting.refcount === undefined) return { outcome: 'reboot', summary: 'This kernel cannot unload modules.' };
  if (index.text('/proc/sys/kernel/modules_disabled')?.trim() === '1')
    return {
      outcome: 'reboot',
      summary:
        'Loading and unloading of modules was switched off (kernel.modules_disabled is 1), and stays so until a reboot.',
    };
  if (permanent.size > 0)
    return {
      outcome: 'reboot',
      summary: `${list(permanent)} ${permanent.size === 1 ? 'has' : 'have'} no exit function ([permanent]): the kernel refuses to unload ${permanent.size === 1 ? 'it' : 'them'}. Only a reboot helps.`,
    };
  const [stuck] = helpless;
  if (stuck !== undefined) {
    const [name, { rule, evidence, stays = `${rule.meaning} Only a reboot helps.` }] = stuck;
    return {
      outcome: 'reboot',
      summary: `${name} cannot be let go of: ${evidence[0]}. ${stays}`,
    };
  }
  const [lost] = leaked;
  if (lost !== undefined && unsure.has(lost[0]) && !unsureBeyond(unsure, leaked)) {
    const [name, holder] = lost;
    return {
      outcome: 'reboot',
      summary: `${name} has a reference that was taken by ${holder.name} at ${callSiteOf(holder)} and never given back; the process has ended, and nothing that is open holds it. That is most likely a mistake in the module: only a reboot helps. Tell its author the call site${wordStack(holder)}.`,
    };
  }
  if (unsure.size > 0) {
    const own = accounting.unexplained;
    if ([...unsure].every((name) => accounts.get(name)?.unexplained === 0))
      return {
        outcome: 'unsure',
        summary: `What holds ${list(unsure)} is known, but no command is known that surely ends it: see the steps.`,
      };
    const which =
      unsure.has(module) && own > 0
        ? `${own === 1 ? '1 reference' : `${own} references`} of ${module}`
        : `references of ${list(unsure)}`;
    return {
      outcome: 'unsure',
      summary: `What holds ${which} is not known, so it may still be in use after these steps. Recording while the suspected service is stopped shows it; else only a reboot is sure.`,
    };
  }
  if (accounting.state !== 'live')
    return {
      outcome: 'unsure',
      summary: `${module} is ${accounting.state === 'going' ? 'being unloaded' : 'being loaded'} already: look again.`,
    };
  if (steps.length === 0 && accounting.refcount === 0)
    return {
      outcome: 'free',
      summary: `Nothing holds ${module}: modprobe -r ${quoteOperand(module)} unloads it.${orRemove(index, module)}${warn}`,
    };
  if (cut)
    return {
      outcome: 'unsure',
      summary: `These are the first ${steps.length} steps, and there are more: look again after them. A reboot may be easier.`,
    };
  const after = `After ${steps.length === 1 ? 'this step' : `these ${steps.length} steps`} modprobe -r ${quoteOperand(module)}`;
  if (probable.size > 0)
    return {
      outcome: 'unloads',
      summary: `${after} should succeed. What holds ${list(probable)} is known only probably: look again if it does not.${warn}`,
    };
  return { outcome: 'unloads', summary: `${after} succeeds.${orRemove(index, module)}${warn}` };
}

function orRemove(index: SnapshotIndex, module: string): string {
  const [way] = waysToRemove(index, module);
  return way === undefined
    ? ''
    : ` It was built outside of the kernel: where modprobe does not find it, ${way.command} does.`;
}

/** Whether nothing uses the module after the steps, as far as anybody can know: nor the disk that the system runs from. */
function isClear({ unsure, helpless, leaked, cut }: Draft): boolean {
  return unsure.size === 0 && helpless.size === 0 && leaked.size === 0 && !cut;
}

/** Whether more is unknown than what was found to be leaked. */
function unsureBeyond(unsure: ReadonlySet<string>, leaked: ReadonlyMap<string, PresentHolder>): boolean {
  return [...unsure].some((name) => !leaked.has(name));
}

/**
 * The steps after which `modprobe -r` of a module succeeds: dependents first, what stands on a filesystem before the
 * filesystem, each thing once. Only what is unloaded by its own will is proposed, never a forced unload.
 */
export function planRelease(
  accounts: readonly PresentAccounting[],
  snapshot: SystemSnapshot,
  module: string,
): ReleasePlan {
  const { index, things } = findThings(snapshot);
  const planner: Planner = {
    index,
    accounts: new Map(accounts.map((accounting) => [accounting.module, accounting])),
    things,
  };
  const accounting = planner.accounts.get(module);
  if (accounting === undefined)
    return { module, outcome: 'unsure', summary: `${module} is not loaded.`, steps: [], handOvers: [] };
  const draft: Draft = {
    steps: [],
    cut: false,
    seen: new Set([`unload ${module}`]),
    unsure: new Set(),
    probable: new Set(),
    permanent: new Set(),
    helpless: new Map(),
    leaked: new Map(),
  };
  planModule(planner, draft, module);
  const isEnded = (thing: string) => draft.seen.has(thing);
  return {
    module,
    ...conclude(planner, module, accounting, draft),
    steps: draft.steps,
    // A device of which not all users are known must not be torn from under them; where nothing is counted, none are.
    handOvers:
      accounting.refcount !== undefined && isClear(draft)
        ? listHandOvers(index, module, isEnded, draft.probable.size === 0)
        : [],
  };
}
