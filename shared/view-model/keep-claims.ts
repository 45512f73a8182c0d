import type { Analysis } from '../analysis/analysis.ts';
import { createHolderGraphs, type HolderGraphs } from '../graph/create-holder-graphs.ts';
import { createLayoutKeeper, type LayoutKeeper } from '../graph/keep-layouts.ts';
import type { IndexIntoModules } from '../units.ts';
import { assignLanes, type Lanes } from './assign-lanes.ts';
import { groupRows, type RowGroups } from './group-rows.ts';
import { indexHoldsByRow } from './index-holds-by-row.ts';
import type { ModuleLink } from './recording-view.ts';
import { remember } from './remember.ts';

/** What a view says of an analysis's holds. Each is made when it is first asked for, and kept: also while rows are added. */
export interface Claims {
  readonly analysis: Analysis;
  /** RecordingTime of the last event that was accounted for. */
  readonly end: number;
  readonly holdsOf: RowGroups;
  lanesOf(module: IndexIntoModules): Lanes;
  readonly graphs: HolderGraphs;
  readonly layoutOf: LayoutKeeper;
  /** Which module used which; see `RecordingSummary.links`. */
  links(): readonly ModuleLink[];
  /** IndexIntoHolds per row that was accounted for: of the hold that begins there, else of the one that ends there; −1 for none. */
  holdOfRow(): Int32Array;
  /** Per module the holds that are open at the end. */
  openHolds(): Int32Array;
  /** Makes in steps what a screen asks for first, and all of it for as long as the claims are shown. */
  prepare(): Iterator<void, void>;
}

const NONE = new Int32Array(0);

/** @param earlier those of the same recording when it was shorter: its graph grows as it was laid out */
export function keepClaims(analysis: Analysis, earlier?: Claims): Claims {
  const { table, holds } = analysis;
  const layoutOf = earlier?.layoutOf ?? createLayoutKeeper();
  const end = table.length === 0 ? 0 : table.time[table.length - 1]!;
  const groups = groupRows(holds.module, holds.length, table.modules.length);
  // A module whose first event came later has no hold yet.
  const holdsOf: RowGroups = { of: (module) => (module < table.modules.length ? groups.of(module) : NONE) };
  const holdOfRow = remember(1, (_: 'all') => indexHoldsByRow(holds, table.length));
  const links = remember(1, (_: 'all') => listLinks(analysis));
  const openHolds = remember(1, (_: 'all') => countOpen(analysis));
  const lanesOf = remember(Number.POSITIVE_INFINITY, (module: IndexIntoModules) =>
    assignLanes(holds, holdsOf.of(module), end),
  );
  return {
    analysis,
    end,
    holdsOf,
    lanesOf,
    graphs: createHolderGraphs(analysis, layoutOf),
    layoutOf,
    holdOfRow: () => holdOfRow('all'),
    links: () => links('all'),
    openHolds: () => openHolds('all'),
    *prepare() {
      for (const make of [openHolds, links, holdOfRow]) {
        make('all');
        yield;
      }
      for (let module = 0; module < table.modules.length; module++) {
        lanesOf(module);
        yield;
      }
    },
  };
}

/** Each pair once, in order of their first hold; only modules that the recording has events of. */
function listLinks({ table, holds }: Analysis): readonly ModuleLink[] {
  const known = new Set(table.modules);
  const links = new Map<string, ModuleLink>();
  for (let hold = 0; hold < holds.length; hold++) {
    const { kind, name } = holds.holders[holds.holder[hold]!]!;
    const used = table.modules[holds.module[hold]!]!;
    if (kind === 'module' && name !== used && known.has(name)) links.set(`${name} ${used}`, { user: name, used });
  }
  return [...links.values()];
}

function countOpen({ table, holds }: Analysis): Int32Array {
  const open = new Int32Array(table.modules.length);
  for (let hold = 0; hold < holds.length; hold++)
    if (holds.end[hold] === Number.POSITIVE_INFINITY) open[holds.module[hold]!]!++;
  return open;
}
