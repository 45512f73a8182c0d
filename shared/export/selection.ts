import type { Analysis } from '../analysis/analysis.ts';
import type { IndexIntoEvents, IndexIntoHolds, RecordingTime } from '../units.ts';

/** What part of a recording is written. */
export interface Selection {
  /** Empty for all; then requests, which belong to no module, are in it too. */
  readonly modules: readonly string[];
  /** Both ends are in it. */
  readonly from: RecordingTime;
  readonly to: RecordingTime;
}

export const EVERYTHING: Selection = { modules: [], from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/** The events of a selection, in order. */
export function* selectRows({ table }: Analysis, selection: Selection): Generator<IndexIntoEvents> {
  const wanted = wantedModules(table.modules, selection);
  for (let row = 0; row < table.length; row++) {
    const time = table.time[row]!;
    if (time < selection.from || time > selection.to) continue;
    if (wanted === undefined || wanted.has(table.module[row]!)) yield row;
  }
}

/** The holds that a selection sees some part of, in order of their start. */
export function* selectHolds({ table, holds }: Analysis, selection: Selection): Generator<IndexIntoHolds> {
  const wanted = wantedModules(table.modules, selection);
  for (let hold = 0; hold < holds.length; hold++) {
    if (holds.start[hold]! > selection.to || holds.end[hold]! < selection.from) continue;
    if (wanted === undefined || wanted.has(holds.module[hold]!)) yield hold;
  }
}

function wantedModules(names: readonly string[], { modules }: Selection): ReadonlySet<number> | undefined {
  return modules.length === 0 ? undefined : new Set(modules.map((module) => names.indexOf(module)));
}
