import { firstAbove } from '../bisect.ts';
import type { RecordingTime } from '../units.ts';
import type { Accounting, HolderAccount } from './accounting.ts';
import type { Analysis } from './analysis.ts';
import { type Doubts, describeHolder } from './describe-holder.ts';
import { HoldOrigin } from './hold-collector.ts';
import { Confidence, type ConfidenceName } from './hold-table.ts';
import { knowNothing } from './know-nothing.ts';
import { momentOf } from './module-state.ts';
import { isLink, type NamedHolder } from './name-holders.ts';
import { type SumTerm, wordArithmetic } from './word-arithmetic.ts';

const levels = Object.keys(Confidence) as ConfidenceName[];

/** Lines and holds that an account lists; it counts all. */
const MOST_LISTED = 1_000;

/** Holds of a group whose opens are looked up for what else they hold. */
const MOST_OPENS = 8;

/** Neighbours in order of start among which the other holds of one open are looked for. */
const NEIGHBOURS = 16;

interface Group {
  readonly holder: NamedHolder;
  readonly confidence: Confidence;
  readonly holds: number[];
  /** Of the last of them. */
  doubts: Doubts;
}

/** The last row at or before a time; −1 for none. */
function rowAt({ table }: Analysis, time: RecordingTime): number {
  return firstAbove(table.time, undefined, time, 0, table.length) - 1;
}

function lossesUpTo(lostRows: Int32Array, row: number): number {
  return firstAbove(lostRows, undefined, row, 0, lostRows.length);
}

/** Holds that are open at a time, by holder and confidence. */
function groupOpenHolds(analysis: Analysis, module: number, time: RecordingTime): Group[] {
  const { built, index, lostRows } = analysis.detail;
  const row = rowAt(analysis, time);
  const lossesNow = lossesUpTo(lostRows, row);
  const groups = new Map<NamedHolder, (Group | undefined)[]>();
  index.openAt(module, time, (hold) => {
    const holder = built.holds.holders[built.holds.holder[hold]!]!;
    const claimed = built.claimed[hold]!;
    const ambiguous = built.lowFrom[hold]! <= row;
    const suspected = built.mediumFrom[hold]! <= row;
    const lossSince = lossesNow > 0 && lossesUpTo(lostRows, built.holds.startRow[hold]!) < lossesNow;
    let confidence = claimed;
    if (ambiguous) confidence = Confidence.low;
    else if (suspected || lossSince) confidence = Math.min(confidence, Confidence.medium);
    let byConfidence = groups.get(holder);
    if (byConfidence === undefined) {
      byConfidence = [];
      groups.set(holder, byConfidence);
    }
    const doubts = {
      ambiguousSince: ambiguous ? built.lowFrom[hold]! : undefined,
      suspect: suspected ? built.mediumFrom[hold]! : undefined,
      lossSince,
    };
    const group = byConfidence[confidence];
    if (group === undefined)
      byConfidence[confidence] = { holder, confidence: confidence as Confidence, holds: [hold], doubts };
    else {
      group.holds.push(hold);
      group.doubts = doubts;
    }
  });
  return [...groups.values()].flatMap((byConfidence) => byConfidence.filter((group) => group !== undefined));
}

/** What else the opens of a group hold at the same time. */
function alsoHeld(analysis: Analysis, group: Group, module: number, time: RecordingTime): HolderAccount['alsoHolds'] {
  const { holds } = analysis;
  const found = new Map<string, Set<number>>();
  for (const hold of group.holds.slice(0, MOST_OPENS)) {
    if (analysis.detail.built.origin[hold] !== HoldOrigin.get || holds.transient[hold] === 1) continue;
    const open = analysis.detail.context.open[holds.startRow[hold]!]!;
    if (open < 0) continue;
    for (let near = Math.max(0, hold - NEIGHBOURS); near < Math.min(holds.length, hold + NEIGHBOURS); near++) {
      if (holds.module[near] === module || holds.startRow[near]! < 0) continue;
      if (analysis.detail.context.open[holds.startRow[near]!] !== open) continue;
      if (holds.start[near]! > time || holds.end[near]! <= time) continue;
      const name = analysis.table.modules[holds.module[near]!]!;
      const others = found.get(name) ?? new Set();
      found.set(name, others.add(near));
    }
  }
  return [...found].map(([name, others]) => ({ module: name, references: others.size }));
}

/** The lines that an account rests on: of the gets, of the load of a module that links, of a put that names the holder. */
function linesOf(analysis: Analysis, group: Group): number[] {
  const { table, holds, detail } = analysis;
  const rows = new Set<number>();
  for (const hold of group.holds.slice(0, MOST_LISTED)) {
    const start = holds.startRow[hold]!;
    if (start >= 0) {
      rows.add(start);
      if (isLink(group.holder) && detail.context.by[start]! >= 0) rows.add(detail.context.by[start]!);
    } else if (detail.built.putRow[hold]! >= 0) rows.add(detail.built.putRow[hold]!);
  }
  return [...rows].sort((a, b) => a - b).map((row) => table.line[row]!);
}

function accountOf(analysis: Analysis, group: Group, module: number, time: RecordingTime): SumTerm {
  const { holds, table, detail } = analysis;
  const { holder } = group;
  const first = group.holds[0]!;
  let until = Number.NEGATIVE_INFINITY;
  for (const hold of group.holds) until = Math.max(until, holds.end[hold]!);
  const startRow = holds.startRow[first]!;
  // The cdev's own reference comes first and says least; the last get of an open says what was opened.
  const telling = group.holds.findLast((hold) => holds.holder[hold] === holds.holder[first]) ?? first;
  const tellingRow = holds.startRow[telling]!;
  const site =
    tellingRow < 0 || table.callSite[tellingRow]! < 0 ? undefined : table.callSites[table.callSite[tellingRow]!];
  const words = describeHolder(analysis, telling, holder, group.doubts);
  const things = isThing(holder)
    ? new Set(group.holds.map((hold) => thingOf(analysis, hold))).size
    : group.holds.length;
  const count = group.holds.length;
  return {
    plural: holder.plural,
    madeBy: holder.madeBy,
    link: isLink(holder),
    things,
    account: {
      kind: holder.kind,
      name: holder.name,
      pid: holder.pid < 0 ? undefined : holder.pid,
      references: count,
      noun: holder.noun,
      callSite: site?.symbol,
      since: startRow < 0 && detail.built.origin[first] !== HoldOrigin.get ? undefined : holds.start[first]!,
      until: until === Number.POSITIVE_INFINITY ? undefined : until,
      confidence: levels[group.confidence]!,
      ...words,
      evidence: count === 1 ? words.evidence : `${count} references. The last one: ${words.evidence}`,
      lines: linesOf(analysis, group),
      alsoHolds: alsoHeld(analysis, group, module, time),
      holds: group.holds.slice(0, MOST_LISTED),
    },
  };
}

/** Only an open by a process can take a module twice for one thing. */
function isThing({ kind }: NamedHolder): boolean {
  return kind === 'task' || kind === 'socket';
}

function thingOf({ detail, holds }: Analysis, hold: number): number {
  const row = holds.startRow[hold]!;
  const open = row < 0 ? -1 : detail.context.open[row]!;
  return open < 0 ? -2 - hold : open;
}

/**
 * Accounts for every reference to a module at a time: who holds it, how surely, what for, and how to make it let go.
 *
 * The whole recording is used: a put that comes later confirms, or spoils, a claim about now. Events at the very
 * instant have happened. explained + unexplained = lsmod wherever the count is known.
 */
export function accountFor(analysis: Analysis, module: string, time: RecordingTime): Accounting {
  const number = analysis.detail.moduleNumbers.get(module);
  if (number === undefined) {
    return knowNothing(module, time, 'absent', 'does not occur in the recording');
  }
  const moment = momentOf(analysis, number, time);
  const groups = moment.state === 'absent' ? [] : groupOpenHolds(analysis, number, time);
  const terms = groups
    .map((group) => accountOf(analysis, group, number, time))
    .sort((a, b) => rank(b) - rank(a) || sinceOf(a) - sinceOf(b));
  const explained = terms.reduce(
    (sum, { account }) => sum + (account.confidence === 'low' ? 0 : account.references),
    0,
  );
  let baseline = 0;
  for (const { holds } of groups) {
    for (const hold of holds) if (analysis.detail.built.origin[hold] === HoldOrigin.baseline) baseline++;
  }
  const { state, refcount, lsmod } = moment;
  return {
    module,
    at: time,
    state,
    refcount,
    lsmod,
    explained: state === 'absent' ? undefined : explained,
    unexplained: lsmod === undefined ? undefined : lsmod - explained,
    baseline,
    holders: terms.map(({ account }) => account),
    arithmetic: wordArithmetic({ module, state, lsmod, explained }, terms),
    cautions: cautionsAt(analysis, module, time),
  };
}

/** What is explained before what is not, links first, then what else modules hold; then in order of time. */
function rank({ link, account }: SumTerm): number {
  return (account.confidence === 'low' ? 0 : 4) + (link ? 2 : 0) + (account.kind === 'module' ? 1 : 0);
}

function sinceOf({ account }: SumTerm): number {
  return account.since ?? -1;
}

function cautionsAt(analysis: Analysis, module: string, time: RecordingTime): string[] {
  const { table, refcounts, findings, detail } = analysis;
  const cautions: string[] = [];
  if (refcounts === 'per-cpu') {
    cautions.push(
      'This kernel (before 3.19) printed what one CPU had counted, which is no use count: only the gets and puts themselves are believed.',
    );
  }
  const row = rowAt(analysis, time);
  if (lossesUpTo(detail.lostRows, row) > 0)
    cautions.push('Events were lost before this time: what happened in between is not known.');
  for (const finding of findings) {
    if (finding.row > row) break;
    if (finding.module === module && finding.kind !== 'failed-load' && table.length > 0) cautions.push(finding.text);
    else if (finding.kind === 'filtered') cautions.push(finding.text);
    if (cautions.length === 8) break;
  }
  return cautions;
}
