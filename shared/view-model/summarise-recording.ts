import type { ModuleStanding } from '../analysis/accounting.ts';
import type { EventTable } from '../event-table/event-table.ts';
import type { Recording } from '../event-table/recording.ts';
import type { Claims } from './keep-claims.ts';
import type { ModuleSummary, RecordingSummary } from './recording-view.ts';
import type { ReferenceSeries } from './reference-series.ts';

/** What is said of a recording as a whole, and of each module in it by name. */
export function summariseRecording(
  name: string,
  recording: Recording,
  table: EventTable,
  claims: Claims,
  standings: readonly ModuleStanding[],
  seriesOf: (module: number) => ReferenceSeries,
): RecordingSummary {
  const { analysis } = claims;
  const { lost } = table;
  const openHolds = claims.openHolds();
  const standingOf = new Map(standings.map((standing) => [standing.module, standing]));
  const modules: ModuleSummary[] = [];
  for (const [index, module] of table.modules.entries()) {
    const { rows, max } = seriesOf(index);
    if (rows.length === 0) continue;
    modules.push({
      module,
      events: rows.length,
      openHolds: openHolds[index] ?? 0,
      unexplained: standingOf.get(module)?.unexplained ?? 0,
      maxReferences: max,
      firstTime: table.time[rows[0]!]!,
      lastTime: table.time[rows[rows.length - 1]!]!,
    });
  }
  return {
    name,
    dialect: recording.dialect,
    notices: recording.notices,
    ...(recording.completeness === undefined ? {} : { completeness: recording.completeness }),
    lines: recording.lines,
    sleeps: recording.sleeps,
    events: table.length,
    lostEvents: lost.reduce((sum, { count }) => sum + Math.max(0, count), 0),
    lostAtLeast: lost.some(({ count }) => count < 0),
    refcounts: analysis.refcounts,
    clock: table.clock,
    ...(recording.origin === undefined ? {} : { origin: recording.origin }),
    end: table.length === 0 ? 0 : table.time[table.length - 1]!,
    modules: modules.sort((a, b) => (a.module < b.module ? -1 : 1)),
    accounted: { events: analysis.table.length, end: claims.end },
    links: claims.links(),
    findings: analysis.findings,
    buffers: recording.table.buffers,
    buffer: table.length === 0 ? '' : table.buffers[table.buffer[0]!]!,
    tableBytes: bytesOf(table),
  };
}

function bytesOf(table: EventTable): number {
  return Object.values(table).reduce((sum, column) => sum + (ArrayBuffer.isView(column) ? column.byteLength : 0), 0);
}
