import { firstPlace } from '../bisect.ts';
import { EventKind } from '../event-table/event-table.ts';
import type { Accounting } from './accounting.ts';
import type { Analysis } from './analysis.ts';
import { placeAfter } from './index-rows-by-module.ts';

/** A module at one time, without its holders. */
export interface ModuleMoment {
  /** Place of its last event in `RowsByModule.rows`; −1 before the first. */
  readonly place: number;
  readonly state: Accounting['state'];
  readonly refcount: number | undefined;
  readonly lsmod: number | undefined;
  /** The loader's hold of the life it is in; −1 when its load is not recorded. */
  readonly loader: number;
}

function lastLoader(analysis: Analysis, module: number, time: number): number {
  const loaders = analysis.detail.loaders[module]!;
  const next = firstPlace(loaders.length, (place) => analysis.holds.start[loaders[place]!]! > time);
  return loaders[next - 1] ?? -1;
}

/** How many references it had before its first event, where that event's number tells. */
function lsmodBefore(analysis: Analysis, module: number): number | undefined {
  const { rows, lsmodAfter } = analysis.detail;
  const place = rows.offset[module]!;
  const after = lsmodAfter[place]!;
  if (after < 0) return undefined;
  return analysis.table.kind[rows.rows[place]!] === EventKind.get ? after - 1 : after + 1;
}

/** What is known of a module at a time, events at that instant included. */
export function momentOf(analysis: Analysis, module: number, time: number): ModuleMoment {
  const { table, detail } = analysis;
  const first = detail.rows.offset[module]!;
  const place = placeAfter(table, detail.rows, module, time) - 1;
  const never = { refcount: undefined, lsmod: undefined, loader: -1 };
  if (place < first) {
    const kind = first < detail.rows.offset[module + 1]! ? table.kind[detail.rows.rows[first]!] : EventKind.load;
    if (kind === EventKind.load) return { ...never, place: -1, state: 'absent' };
    const lsmod = kind === EventKind.free ? undefined : lsmodBefore(analysis, module);
    return { ...never, place: -1, state: 'unknown', lsmod };
  }
  const row = detail.rows.rows[place]!;
  const kind = table.kind[row];
  if (kind === EventKind.free) return { ...never, place, state: 'absent' };
  const loader = lastLoader(analysis, module, time);
  const counted = detail.lsmodAfter[place]!;
  return {
    place,
    state: loader >= 0 && analysis.holds.end[loader]! > time ? 'loading' : 'live',
    refcount: kind === EventKind.load ? undefined : table.refcount[row]!,
    lsmod: counted < 0 ? undefined : counted,
    loader,
  };
}
