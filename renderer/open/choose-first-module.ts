import type { ModuleStanding } from '../../shared/analysis/accounting.ts';
import { orderTracks } from '../../shared/view-model/order-tracks.ts';
import type { ModuleSummary } from '../../shared/view-model/recording-view.ts';

/**
 * The module to show first: one that somebody holds although no module uses it, for that is where lsmod's trail ends
 * and where an unloading has to begin; else any that is held; else any. Among several the one with the highest track.
 */
export function chooseFirstModule(
  standings: readonly ModuleStanding[],
  modules: readonly ModuleSummary[],
): string | undefined {
  const held = new Map(standings.filter(({ lsmod = 0 }) => lsmod > 0).map((standing) => [standing.module, standing]));
  const order = orderTracks(modules);
  const first =
    order.find(({ module }) => held.get(module)?.usedBy.length === 0) ??
    order.find(({ module }) => held.has(module)) ??
    order[0];
  return first?.module;
}
