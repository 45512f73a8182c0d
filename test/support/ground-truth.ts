/**
 * What was really held in a recorded scenario, and how an analysis is judged by it.
 *
 * Every scenario has puppet processes whose system calls are known, so it is known who held what from when to when. A
 * hold of the truth is judged at each event of its module while it lasts, and after it:
 *
 * - **right**: at every such moment the accounting names the true holder, with medium confidence or more, for at least as
 *   many references as it has;
 * - **wrong**: at any moment a claim of medium confidence or more (a) rests on a get of this hold after all of it was
 *   given back, (b) rests on a get of this hold and names somebody else, or (c) names somebody who holds nothing, or for more than he
 *   holds, where the truth accounts for all of the module's references;
 * - **unknown**: neither; the accounting leaves it (or part of it) unexplained.
 *
 * A process that took a file and handed it to a child or over a socket counts as the holder until it is closed, as the truth
 * has it. Things that outlive who made them (mounts, rules, devices, links) have no process: claiming one is wrong.
 *
 * Neither right nor wrong is a claim that a device was opened by the process, or one of medium confidence for whoever gave it back in the end.
 * Where the truth saw one set of gets for two holds (a file and the binding made through it), each has its share of them.
 *
 * Times of the truth are those of one clock. Other texts of the same events are matched by order: the n-th event of a
 * module, the n-th get of a module by a process.
 */
import { accountFor } from '../../shared/analysis/account-for.ts';
import type { Accounting, HolderAccount } from '../../shared/analysis/accounting.ts';
import type { Analysis } from '../../shared/analysis/analysis.ts';
import { EventKind, type EventTable } from '../../shared/event-table/event-table.ts';
import { fixtureBytes } from './read-fixture.ts';

interface TruthEvent {
  readonly t: number;
  readonly pid: number;
}

export interface TruthHold {
  readonly id: string;
  readonly module: string;
  readonly holder: {
    readonly kind: string;
    readonly pid: number | null;
    readonly comm: string;
    readonly detail: string;
  };
  readonly references: number | null;
  readonly droppedBy?: { readonly pid: number | null } | null;
  readonly observedGets?: readonly TruthEvent[];
  readonly observedTransientPuts?: readonly TruthEvent[];
  readonly observedPuts?: readonly TruthEvent[];
}

export interface GroundTruth {
  readonly scenario: string;
  readonly steps: readonly { readonly step: number; readonly mono: number }[];
  readonly holds: readonly TruthHold[];
  readonly expectedCounts: readonly { readonly step: number; readonly module: string; readonly lsmod: string }[];
}

export interface Verdict {
  readonly id: string;
  readonly verdict: 'right' | 'wrong' | 'unknown';
  readonly why: string;
}

export function readGroundTruth(scenario: string): GroundTruth {
  return JSON.parse(new TextDecoder().decode(fixtureBytes(`recordings/${scenario}/ground-truth.json`))) as GroundTruth;
}

/** Seconds of the truth as time of a table whose clock is the truth's. */
function timeOf(table: EventTable, seconds: number): number {
  return Math.round(seconds * 1e9) - Number(table.clock.start);
}

/** Rows of a module, in order. */
function rowsOf(table: EventTable, module: string): number[] {
  const number = table.modules.indexOf(module);
  const rows: number[] = [];
  for (let row = 0; row < table.length; row++) if (number >= 0 && table.module[row] === number) rows.push(row);
  return rows;
}

const isBy = (table: EventTable, row: number, pid: number) => table.tasks[table.task[row]!]?.pid === pid;

/** The row of `form` that shows the same event as a row of `truth`: the n-th of its kind, module and process. */
function sameRow(truth: EventTable, form: EventTable, row: number): number {
  const kind = truth.kind[row];
  const module = truth.modules[truth.module[row]!]!;
  const pid = truth.tasks[truth.task[row]!]!.pid;
  const alike = (table: EventTable) =>
    rowsOf(table, module).filter((each) => table.kind[each] === kind && isBy(table, each, pid));
  const there = alike(form)[alike(truth).indexOf(row)];
  if (there === undefined) throw new Error(`no event like that of row ${row} (${module} by ${pid})`);
  return there;
}

/** A hold of the truth on the clock of one text: held from `from` to `until`, gone from `gone` on. */
export interface TimedHold {
  readonly truth: TruthHold;
  readonly references: number;
  /** Lines of its gets, in the text it was placed by. */
  readonly getLines: ReadonlySet<number>;
  readonly from: number;
  readonly until: number;
  readonly gone: number;
}

function timeHold(clocked: EventTable, form: EventTable, truth: TruthHold, sharers: number): TimedHold {
  const clockedRows = rowsOf(clocked, truth.module);
  const find = (events: readonly TruthEvent[] | undefined, kind: number) =>
    (events ?? []).map((event) => {
      const time = timeOf(clocked, event.t);
      const row = clockedRows.find(
        (each) =>
          clocked.kind[each] === kind && isBy(clocked, each, event.pid) && Math.abs(clocked.time[each]! - time) < 1000,
      );
      if (row === undefined) throw new Error(`${truth.id}: no event of ${truth.module} by ${event.pid} at ${event.t}`);
      return sameRow(clocked, form, row);
    });
  const times = (rows: readonly number[]) => rows.map((row) => form.time[row]!);
  const gets = find(truth.observedGets, EventKind.get);
  const transients = find(truth.observedTransientPuts, EventKind.put);
  const puts = find(truth.observedPuts, EventKind.put);
  // Where the truth saw no put: until the module is freed, or nothing is left of its references.
  const ended = rowsOf(form, truth.module).find(
    (row) =>
      row > Math.max(-1, ...gets) &&
      (form.kind[row] === EventKind.free || (form.kind[row] === EventKind.put && form.refcount[row] === 1)),
  );
  const never = ended === undefined ? Number.POSITIVE_INFINITY : form.time[ended]!;
  return {
    truth,
    references: (truth.references ?? 1) / sharers,
    getLines: new Set(gets.map((row) => form.line[row]!)),
    from: Math.max(Number.NEGATIVE_INFINITY, ...times(gets), ...times(transients)),
    until: puts.length > 0 ? Math.min(...times(puts)) : never,
    gone: puts.length > 0 ? Math.max(...times(puts)) : never,
  };
}

/**
 * Puts the holds of the truth on the clock of a text of the same recording.
 *
 * @param clocked the table of the text whose clock is the truth's (late/trace.mono.txt)
 */
export function timeHolds(truth: GroundTruth, clocked: EventTable, form: EventTable): TimedHold[] {
  return truth.holds.map((hold) => timeHold(clocked, form, hold, sharersOf(hold, truth.holds)));
}

function sharersOf(hold: TruthHold, all: readonly TruthHold[]): number {
  const gets = JSON.stringify(hold.observedGets ?? []);
  const alike = (other: TruthHold) => other.module === hold.module && JSON.stringify(other.observedGets ?? []) === gets;
  return gets === '[]' ? 1 : all.filter(alike).length;
}

const processKinds = new Set(['fd', 'fd-in-flight', 'socket', 'kthread']);

function names({ holder, module }: TruthHold, claim: HolderAccount): boolean {
  if (processKinds.has(holder.kind)) return claim.pid === holder.pid;
  if (holder.kind === 'module') return claim.kind === 'module' && claim.name === holder.comm;
  if (holder.kind === 'self') return claim.kind === 'module' && claim.name === module;
  if (claim.pid !== undefined || claim.kind === 'task') return false;
  return (holder.kind === 'mount' && claim.kind === 'mount') || claim.name === holder.comm;
}

/** A claim that is at least not false: of the opener of a device, or of who gave it back in the end and so had it too. */
function allows(hold: TruthHold, claim: HolderAccount): boolean {
  const { holder, droppedBy } = hold;
  const opener = claim.kind === 'device' && claim.pid === undefined && claim.name === holder.comm;
  const giver = claim.pid !== undefined && claim.pid === droppedBy?.pid && claim.confidence === 'medium';
  return names(hold, claim) || opener || giver;
}

interface MomentVerdict {
  readonly wrong: Map<TimedHold, string>;
  readonly right: Set<TimedHold>;
}

/** Judges every hold of the truth of one module at one moment; gives the reasons why it is wrong, and who was told right. */
function judgeMoment(accounting: Accounting, holds: readonly TimedHold[], weakest: readonly string[]): MomentVerdict {
  const wrong = new Map<TimedHold, string>();
  const right = new Set<TimedHold>();
  const { at } = accounting;
  const claims = accounting.holders.filter(({ confidence }) => !weakest.includes(confidence));
  const told = ({ kind, name, pid }: HolderAccount) => `${kind} ${name}${pid === undefined ? '' : `-${pid}`}`;
  const active = holds.filter(({ from, until }) => at >= from && at < until);
  const restsOn = (claim: HolderAccount, hold: TimedHold) => claim.lines.some((line) => hold.getLines.has(line));
  for (const hold of holds) {
    for (const claim of claims.filter((each) => restsOn(each, hold))) {
      const sharers = active.filter((other) => restsOn(claim, other));
      if (sharers.some(({ truth }) => allows(truth, claim))) continue;
      if (at >= hold.gone && sharers.length === 0) wrong.set(hold, `${told(claim)} claimed after it was given back`);
      if (active.includes(hold)) wrong.set(hold, `${told(claim)} claimed instead`);
    }
  }
  for (const hold of active) {
    const named = claims.filter((claim) => names(hold.truth, claim));
    // Holds that the truth cannot tell apart (two of one process) need as many as they have together.
    const alike = active.filter(({ truth }) => named.some((claim) => names(truth, claim)));
    const needed = (alike.length > 1 ? alike : [hold]).reduce((sum, { references }) => sum + references, 0);
    if (named.reduce((sum, { references }) => sum + references, 0) >= needed) right.add(hold);
  }
  const known = active.reduce((sum, { references }) => sum + references, 0);
  const settled = holds.every(({ until, gone }) => at < until || at >= gone);
  if (settled && active.length > 0 && known === accounting.lsmod) {
    const stranger = claims.find((claim) => !active.some(({ truth }) => allows(truth, claim)));
    if (stranger !== undefined) wrong.set(active[0]!, `${told(stranger)} claimed, who holds nothing`);
  }
  return { wrong, right };
}

/**
 * Judges an analysis by the truth, at every event of the modules that the truth is about.
 *
 * @param weakest confidences that count as no claim at all
 */
export function judge(
  holds: readonly TimedHold[],
  analysis: Analysis,
  weakest: readonly HolderAccount['confidence'][] = ['low'],
): Verdict[] {
  const { table } = analysis;
  const verdicts: Verdict[] = [];
  for (const module of new Set(holds.map(({ truth }) => truth.module))) {
    const ofModule = holds.filter(({ truth }) => truth.module === module);
    const wrong = new Map<TimedHold, string>();
    const missed = new Map<TimedHold, string>();
    // Events of one instant have all happened.
    for (const time of new Set([-1, ...rowsOf(table, module).map((row) => table.time[row]!)])) {
      const accounting = accountFor(analysis, module, time);
      const moment = judgeMoment(accounting, ofModule, weakest);
      for (const [hold, why] of moment.wrong) wrong.set(hold, `${why} at ${time}: ${accounting.arithmetic}`);
      for (const hold of ofModule) {
        if (time < hold.from || time >= hold.until || moment.right.has(hold)) continue;
        missed.set(hold, `at ${time}: ${accounting.arithmetic}`);
      }
    }
    for (const hold of ofModule) {
      const verdict = wrong.has(hold) ? 'wrong' : missed.has(hold) ? 'unknown' : 'right';
      verdicts.push({ id: hold.truth.id, verdict, why: wrong.get(hold) ?? missed.get(hold) ?? '' });
    }
  }
  return verdicts;
}

/** A count that was read from /sys/module/X/refcnt, and what the analysis says for the same moment. */
export interface CountCheck {
  readonly step: number;
  readonly module: string;
  readonly expected: string;
  readonly told: string;
}

/**
 * Compares the counts that were read during each step with what the analysis says: they must be among its counts at the
 * step's begin and after each event of the step, in the order in which they were read.
 */
export function checkCounts(truth: GroundTruth, clocked: EventTable, analysis: Analysis): CountCheck[] {
  const { table } = analysis;
  const reached = new Map<string, number>();
  return truth.expectedCounts.map(({ step, module, lsmod }) => {
    const clockedRows = rowsOf(clocked, module);
    const rows = rowsOf(table, module);
    const placeAt = (mono: number | undefined) =>
      mono === undefined
        ? rows.length
        : clockedRows.filter((row) => clocked.time[row]! <= timeOf(clocked, mono / 1e9)).length;
    const tell = (place: number) => {
      const { state, lsmod: count } = accountFor(analysis, module, place === 0 ? -1 : table.time[rows[place - 1]!]!);
      return state === 'absent' ? 'gone' : String(count ?? 'unknown');
    };
    const last = placeAt(truth.steps.find((each) => each.step > step)?.mono);
    const key = `${step} ${module}`;
    const first = reached.get(key) ?? placeAt(truth.steps.find((each) => each.step === step)?.mono);
    for (let place = first; place <= last; place++) {
      if (tell(place) !== lsmod) continue;
      reached.set(key, place);
      return { step, module, expected: lsmod, told: lsmod };
    }
    return { step, module, expected: lsmod, told: tell(last) };
  });
}
