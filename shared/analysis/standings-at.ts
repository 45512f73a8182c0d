import type { RecordingTime } from '../units.ts';
import type { ModuleStanding } from './accounting.ts';
import type { Analysis } from './analysis.ts';
import { momentOf } from './module-state.ts';

/**
 * Every module of the recording at a time, sorted by name: what lsmod would have listed, and how much of it is unexplained.
 *
 * Shape: one bisection per module; fit to be asked at every move of a cursor.
 */
export function standingsAt(analysis: Analysis, time: RecordingTime): ModuleStanding[] {
  const { table, holds, detail } = analysis;
  const standings: ModuleStanding[] = [];
  for (let module = 0; module < table.modules.length; module++) {
    const moment = momentOf(analysis, module, time);
    const usedBy = new Set<string>();
    if (moment.state !== 'absent') {
      for (const hold of detail.links[module]!) {
        if (holds.start[hold]! <= time && holds.end[hold]! > time && holds.confidence[hold]! > 0) {
          usedBy.add(holds.holders[holds.holder[hold]!]!.name);
        }
      }
    }
    const load = moment.loader < 0 ? -1 : holds.startRow[moment.loader]!;
    standings.push({
      module: table.modules[module]!,
      state: moment.state,
      refcount: moment.refcount,
      lsmod: moment.lsmod,
      unexplained: unexplainedAt(analysis, module, moment),
      usedBy: [...usedBy],
      taints: load < 0 ? '' : (table.details[table.detail[load]!] ?? ''),
      events: detail.rows.offset[module + 1]! - detail.rows.offset[module]!,
    });
  }
  return standings.sort((a, b) => (a.module < b.module ? -1 : a.module > b.module ? 1 : 0));
}

function unexplainedAt({ detail }: Analysis, module: number, moment: ReturnType<typeof momentOf>): number | undefined {
  if (moment.lsmod === undefined) return undefined;
  if (moment.place >= 0) return detail.unexplainedAfter[moment.place]!;
  // Before the first event: only references from before the recording are there, so count those that nothing names.
  let unexplained = 0;
  detail.index.openAt(module, Number.NEGATIVE_INFINITY, (hold) => {
    if (detail.built.claimed[hold] === 0) unexplained++;
  });
  return unexplained;
}
