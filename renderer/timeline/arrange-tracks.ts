import { orderTracks } from '../../shared/view-model/order-tracks.ts';
import type { ModuleLink, ModuleSummary, RecordingSummary } from '../../shared/view-model/recording-view.ts';
import type { TrackArrangement } from '../state/investigation-slice.ts';

/** A track and where it stands. */
export interface ArrangedTrack {
  readonly module: ModuleSummary;
  /** How many modules it stands beneath, one using the other; 0 unless they are grouped. */
  readonly depth: number;
  readonly pinned: boolean;
}

/** The tracks from top to bottom as a person put them, and which ones are left out. */
export interface TrackList {
  readonly tracks: readonly ArrangedTrack[];
  /** Hidden one by one, by name. */
  readonly hidden: readonly string[];
  /** Left out because nothing holds them at the end. */
  readonly notHeld: number;
}

/**
 * Puts the tracks in order: those pinned on top, then as they were moved, then as `orderTracks` has them; grouped, every
 * module beneath the deepest of those that it uses.
 */
export function arrangeTracks(
  { modules, links }: Pick<RecordingSummary, 'modules' | 'links'>,
  { order, pinned, hidden, onlyHeld, grouped }: TrackArrangement,
): TrackList {
  const isHidden = new Set(hidden);
  const isPinned = new Set(pinned);
  const placeOf = new Map(order.map((module, place) => [module, place]));
  const place = ({ module }: ModuleSummary) => placeOf.get(module) ?? Number.MAX_SAFE_INTEGER;
  const sorted = [...orderTracks(modules)].sort((a, b) => place(a) - place(b));
  const shown = sorted.filter(({ module }) => !isHidden.has(module));
  const kept = shown.filter(({ module, openHolds }) => !onlyHeld || openHolds > 0 || isPinned.has(module));
  const onTop = kept.filter(({ module }) => isPinned.has(module));
  const below = kept.filter(({ module }) => !isPinned.has(module));
  return {
    tracks: [
      ...onTop.map((module) => ({ module, depth: 0, pinned: true })),
      ...(grouped ? groupByUse(below, links) : below.map((module) => ({ module, depth: 0 }))).map((track) => ({
        ...track,
        pinned: false,
      })),
    ],
    hidden: sorted.filter(({ module }) => isHidden.has(module)).map(({ module }) => module),
    notHeld: shown.length - kept.length,
  };
}

/** Users of a module right beneath it, each once: beneath the one of those it uses that stands deepest. */
function groupByUse(modules: readonly ModuleSummary[], links: readonly ModuleLink[]) {
  const among = new Map(modules.map((module) => [module.module, module]));
  const usedBy = new Map<string, string[]>();
  for (const { user, used } of links)
    if (among.has(user) && among.has(used)) usedBy.set(user, [...(usedBy.get(user) ?? []), used]);

  const depths = new Map<string, number>();
  const depthOf = (module: string): number => {
    const known = depths.get(module);
    if (known !== undefined) return known;
    // Until it is known: a circle, which the kernel does not allow, would have no end.
    depths.set(module, 0);
    const depth = Math.max(0, ...(usedBy.get(module) ?? []).map((used) => depthOf(used) + 1));
    depths.set(module, depth);
    return depth;
  };
  const beneath = new Map<string, ModuleSummary[]>();
  const roots: ModuleSummary[] = [];
  for (const module of modules) {
    const depth = depthOf(module.module);
    const parent = (usedBy.get(module.module) ?? []).find((used) => depthOf(used) === depth - 1);
    if (parent === undefined) roots.push(module);
    else beneath.set(parent, [...(beneath.get(parent) ?? []), module]);
  }
  const tracks: { module: ModuleSummary; depth: number }[] = [];
  const placed = new Set<string>();
  const add = (module: ModuleSummary, depth: number) => {
    if (placed.has(module.module)) return;
    placed.add(module.module);
    tracks.push({ module, depth });
    for (const user of beneath.get(module.module) ?? []) add(user, depth + 1);
  };
  for (const module of [...roots, ...modules]) add(module, 0);
  return tracks;
}
