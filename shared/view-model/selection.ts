import type { Analysis } from '../analysis/analysis.ts';
import { firstAbove, firstNotBelow } from '../bisect.ts';
import type { IndexIntoEvents, IndexIntoHolds, RecordingTime } from '../units.ts';
import { type NarrowedRecording, narrowRecording } from './narrow-recording.ts';

/** What part of a recording is written. */
export interface Selection {
  /** Empty for all; then requests, which belong to no module, are in it too. */
  readonly modules: readonly string[];
  /** Both ends are in it. */
  readonly from: RecordingTime;
  readonly to: RecordingTime;
  /** A line of filter; empty for none. */
  readonly filter: string;
}

export const EVERYTHING: Selection = {
  modules: [],
  from: Number.NEGATIVE_INFINITY,
  to: Number.POSITIVE_INFINITY,
  filter: '',
};

/** How much a selection has of a recording. */
export interface SelectionCount {
  readonly events: number;
  readonly holds: number;
}

type Passing = Pick<NarrowedRecording, 'rows' | 'passes'>;

/** The events of a selection, in order. `passing` saves the work where its filter was read before. */
export function* selectRows(
  analysis: Analysis,
  selection: Selection,
  passing: Passing | undefined = passingOf(analysis, selection),
): Generator<IndexIntoEvents> {
  const { table } = analysis;
  const wanted = wantedModules(table.modules, selection);
  const rows = passing?.rows;
  const end = firstAbove(table.time, rows, selection.to, 0, rows?.length ?? table.length);
  for (let place = firstNotBelow(table.time, rows, selection.from, 0, end); place < end; place++) {
    const row = rows === undefined ? place : rows[place]!;
    if (wanted === undefined || wanted.has(table.module[row]!)) yield row;
  }
}

/** The holds that a selection sees some part of, in order of their start. */
export function* selectHolds(
  analysis: Analysis,
  selection: Selection,
  passing: Passing | undefined = passingOf(analysis, selection),
): Generator<IndexIntoHolds> {
  const { table, holds } = analysis;
  const wanted = wantedModules(table.modules, selection);
  for (let hold = 0; hold < holds.length; hold++) {
    if (holds.start[hold]! > selection.to || holds.end[hold]! < selection.from) continue;
    if (wanted !== undefined && !wanted.has(holds.module[hold]!)) continue;
    if (passing === undefined || passing.passes(hold)) yield hold;
  }
}

/** How many events and holds a selection has. */
export function countSelection(
  analysis: Analysis,
  selection: Selection,
  passing: Passing | undefined = passingOf(analysis, selection),
): SelectionCount {
  let [events, holds] = [0, 0];
  for (const _ of selectRows(analysis, selection, passing)) events++;
  for (const _ of selectHolds(analysis, selection, passing)) holds++;
  return { events, holds };
}

function passingOf(analysis: Analysis, { filter }: Selection): Passing | undefined {
  return narrowRecording(analysis, { text: filter, modules: [] });
}

function wantedModules(names: readonly string[], { modules }: Selection): ReadonlySet<number> | undefined {
  return modules.length === 0 ? undefined : new Set(modules.map((module) => names.indexOf(module)));
}
