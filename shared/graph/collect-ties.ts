import type { Analysis } from '../analysis/analysis.ts';
import type { HoldHolder, HoldTable } from '../analysis/hold-table.ts';
import type { IndexIntoHolds, IndexIntoModules, RecordingTime } from '../units.ts';
import { groupRows, type RowGroups } from '../view-model/group-rows.ts';
import { type GraphNodeSort, moduleNodeId } from './holder-graph.ts';
import { identifyHolders } from './identify-holders.ts';

/** Whoever held a module, or was held, at any time of the recording. */
export interface TieEnd {
  readonly id: string;
  readonly sort: Exclude<GraphNodeSort, 'tasks'>;
  readonly holder: HoldHolder;
  /** Which module it is; −1 for what is none. */
  readonly module: IndexIntoModules;
  /** From the first to the last instant at which it was part of any tie. */
  readonly start: RecordingTime;
  readonly end: RecordingTime;
}

/** One holder and one module, over the whole recording. */
export interface Tie {
  /** Places in `Ties.ends`. */
  readonly from: number;
  readonly to: number;
  readonly module: IndexIntoModules;
  readonly start: RecordingTime;
  readonly end: RecordingTime;
}

export interface Ties {
  readonly ends: readonly TieEnd[];
  readonly ties: readonly Tie[];
  /** Per hold its tie; −1 for one that is only passing. */
  readonly tieOfHold: Int32Array;
  readonly holdsOf: RowGroups;
}

/**
 * Sums up all holds of a recording as ties between holders and modules: few, however many the holds are.
 *
 * What is only passing makes no tie: a pair taken and given back within one call, and the reference that a loader has
 * while it loads, unless it never ends. They would tie every program that ever ran to binfmt_misc, and all modules to
 * modprobe.
 */
export function collectTies({ table, holds }: Analysis): Ties {
  const { identityOf, identities } = identifyHolders(holds);
  const ends = new GrowingEnds(table.modules);
  const ties: { from: number; to: number; module: number; start: number; end: number }[] = [];
  const tieOfHold = new Int32Array(holds.length).fill(-1);
  const places = new Map<number, number>();
  for (let hold = 0; hold < holds.length; hold++) {
    if (holds.transient[hold] === 1 || isFinishedLoad(holds, hold)) continue;
    const module = holds.module[hold]!;
    const identity = identityOf[holds.holder[hold]!]!;
    const start = holds.start[hold]!;
    const end = holds.end[hold]!;
    const key = identity * table.modules.length + module;
    let place = places.get(key);
    if (place === undefined) {
      const to = ends.ofModule(module);
      place = ties.push({ from: ends.ofHolder(identities[identity]!, module), to, module, start, end }) - 1;
      places.set(key, place);
    }
    tieOfHold[hold] = place;
    const tie = ties[place]!;
    if (start < tie.start) tie.start = start;
    if (end > tie.end) tie.end = end;
  }
  for (const { from, to, start, end } of ties) {
    ends.stretch(from, start, end);
    ends.stretch(to, start, end);
  }
  return { ends: ends.all, ties, tieOfHold, holdsOf: groupRows(tieOfHold, holds.length, ties.length) };
}

function isFinishedLoad(holds: HoldTable, hold: IndexIntoHolds): boolean {
  return holds.end[hold]! !== Number.POSITIVE_INFINITY && holds.holders[holds.holder[hold]!]!.kind === 'loader';
}

class GrowingEnds {
  readonly all: { id: string; sort: TieEnd['sort']; holder: HoldHolder; module: number; start: number; end: number }[] =
    [];
  private readonly modules: readonly string[];
  private readonly moduleNumbers: ReadonlyMap<string, number>;
  private readonly places = new Map<string, number>();

  constructor(modules: readonly string[]) {
    this.modules = modules;
    this.moduleNumbers = new Map(modules.map((name, number) => [name, number]));
  }

  ofModule(module: IndexIntoModules): number {
    const name = this.modules[module]!;
    const holder: HoldHolder = { kind: 'module', name, pid: -1, noun: 'module', madeBy: false, colour: -1 };
    return this.add(moduleNodeId(name), 'module', holder, module);
  }

  ofHolder(holder: HoldHolder, held: IndexIntoModules): number {
    const { kind, name, pid, noun } = holder;
    if (kind === 'module' && this.moduleNumbers.has(name)) return this.ofModule(this.moduleNumbers.get(name)!);
    // Nobody in particular: one for each module, for what they have in common is only that nobody knows them.
    if (kind === 'baseline' || (kind === 'unknown' && pid < 0) || kind === 'module')
      return this.add(`unexplained ${this.modules[held]!}`, 'unexplained', { ...holder, colour: -1 });
    if (pid >= 0) return this.add(`${kind === 'loader' ? kind : 'task'} ${pid} ${name}`, 'task', holder);
    return this.add(`${kind} ${noun} ${name}`, 'object', holder);
  }

  stretch(place: number, start: RecordingTime, end: RecordingTime): void {
    const found = this.all[place]!;
    found.start = Math.min(found.start, start);
    found.end = Math.max(found.end, end);
  }

  private add(id: string, sort: TieEnd['sort'], holder: HoldHolder, module = -1): number {
    let place = this.places.get(id);
    if (place === undefined) {
      const { POSITIVE_INFINITY: end, NEGATIVE_INFINITY: start } = Number;
      place = this.all.push({ id, sort, holder, module, start: end, end: start }) - 1;
      this.places.set(id, place);
    }
    return place;
  }
}
