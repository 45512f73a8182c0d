import { EventKind, type EventTable } from '../event-table/event-table.ts';
import { runSteps } from '../run-steps.ts';
import type { Analysis, AnalysisDetail, Finding } from './analysis.ts';
import { type BuiltHolds, buildHoldTable } from './build-hold-table.ts';
import { classifyCallSites, type SiteClass, SiteRole } from './classify-call-sites.ts';
import { countUnexplained } from './count-unexplained.ts';
import { detectPerCpuRefcounts } from './detect-per-cpu-refcounts.ts';
import { followThreads } from './follow-threads.ts';
import { HoldOrigin } from './hold-collector.ts';
import { HoldIndex } from './index-holds.ts';
import { indexRowsByModule } from './index-rows-by-module.ts';
import { createHolderNamer, isLink } from './name-holders.ts';
import { numberTasks } from './number-tasks.ts';
import { pairHolds } from './pair-holds.ts';
import { selectBuffer } from './select-buffer.ts';
import { trackModuleLives } from './track-module-lives.ts';

export interface AnalysisOptions {
  /** Which trace buffer of the recording; the busiest one without it. */
  readonly buffer?: string;
}

/**
 * Finds out who held each reference to each module, from the events of one recording.
 *
 * Shape: takes a few passes over the columns, in time that grows with the number of events alone.
 */
export function analyse(recorded: EventTable, options: AnalysisOptions = {}): Analysis {
  return runSteps(analyseInSteps(recorded, options));
}

/** The same in steps of some milliseconds, between which other work may be done. The table must stay as it is. */
export function* analyseInSteps(recorded: EventTable, options: AnalysisOptions = {}): Generator<void, Analysis> {
  const table = selectBuffer(recorded, options.buffer);
  const findings: Finding[] = [];
  const sites = classifyCallSites(table);
  const rows = indexRowsByModule(table);
  yield;
  const lives = trackModuleLives(table, rows);
  yield;
  const tasks = numberTasks(table);
  yield;
  const context = yield* followThreads(table, sites, tasks, findings);
  const perCpu = detectPerCpuRefcounts(table, rows, sites);
  yield;
  const paired = yield* pairHolds(table, rows, sites, context, tasks, lives, perCpu, findings);
  const { holds, lsmodAfter, incomplete } = paired;
  const built = yield* buildHoldTable(
    table,
    sites,
    context,
    holds,
    createHolderNamer(table, sites, context, tasks, lives, holds),
    incomplete,
  );
  yield;
  const index = new HoldIndex(built.holds, table.modules.length);
  yield;
  const unexplainedAfter = countUnexplained(table, rows, built);
  yield;

  reportLosses(table, findings);
  reportFilter(table, sites, findings);
  findings.sort((a, b) => a.row - b.row);
  return {
    table,
    holds: built.holds,
    refcounts: perCpu ? 'per-cpu' : 'absolute',
    findings,
    detail: {
      sites,
      context,
      rows,
      built,
      index,
      moduleNumbers: new Map(table.modules.map((name, number) => [name, number])),
      lsmodAfter,
      ...listByRole(built, table.modules.length),
      unexplainedAfter,
      lostRows: Int32Array.from(table.lost, ({ beforeRow }) => beforeRow),
    },
  };
}

/** The few holds that every question asks for: who loads a module, who links to it. */
function listByRole({ holds, origin }: BuiltHolds, modules: number): Pick<AnalysisDetail, 'loaders' | 'links'> {
  const loaders = Array.from({ length: modules }, (): number[] => []);
  const links = Array.from({ length: modules }, (): number[] => []);
  for (let hold = 0; hold < holds.length; hold++) {
    if (origin[hold] === HoldOrigin.loader) loaders[holds.module[hold]!]!.push(hold);
    else if (isLink(holds.holders[holds.holder[hold]!]!)) links[holds.module[hold]!]!.push(hold);
  }
  return { loaders, links };
}

/** Marks of loss that are told one by one; `table.lost` has them all. */
const MOST_FINDINGS = 2_000;

function reportLosses(table: EventTable, findings: Finding[]): void {
  for (const { beforeRow, cpu, count } of table.lost.slice(0, MOST_FINDINGS)) {
    const where = cpu < 0 ? '' : ` on CPU ${cpu}`;
    const text =
      count < 0
        ? `Events were lost${where}; the recording does not say how many.`
        : `${count} events were lost${where}.`;
    findings.push({ kind: 'lost', row: beforeRow, module: undefined, text });
  }
}

/** A recording that shows links but no loads was filtered: who links cannot be told from it. */
function reportFilter(table: EventTable, sites: readonly SiteClass[], findings: Finding[]): void {
  let link = -1;
  let linkedModule = -1;
  for (let row = 0; row < table.length; row++) {
    const kind = table.kind[row];
    if (kind === EventKind.load || kind === EventKind.free) return;
    if (link >= 0 || (kind !== EventKind.get && kind !== EventKind.put)) continue;
    const site = sites[table.callSite[row]!];
    const role = kind === EventKind.get ? site?.getRole : site?.putRole;
    if (role !== SiteRole.link && role !== SiteRole.unlink && role !== SiteRole.loader) continue;
    link = row;
    linkedModule = table.module[row]!;
  }
  if (link < 0) return;
  const module = table.modules[linkedModule];
  const text =
    'Modules were loaded or freed, but no module_load and module_free is recorded: the recording was filtered, and links cannot be named.';
  findings.push({ kind: 'filtered', row: link, module, text });
}
