import { accountFor } from '../analysis/account-for.ts';
import type { Accounting, ModuleStanding } from '../analysis/accounting.ts';
import type { Analysis, EventsAndHolds } from '../analysis/analysis.ts';
import { knowNothing } from '../analysis/know-nothing.ts';
import { standingsAt } from '../analysis/standings-at.ts';
import { firstAbove } from '../bisect.ts';
import type { Recording } from '../event-table/recording.ts';
import { findStorms } from '../filter/find-storms.ts';
import { rankNames } from '../filter/rank-names.ts';
import { suggestCompletions } from '../filter/suggest-completions.ts';
import { createStatistics } from '../statistics/create-statistics.ts';
import type { IndexIntoEvents, IndexIntoModules, RecordingTime } from '../units.ts';
import { assignLanes, countHidden } from './assign-lanes.ts';
import { decimateSteps } from './decimate-steps.ts';
import { describeEvent } from './describe-event.ts';
import { describeHold } from './describe-hold.ts';
import { findLosses, pictureLosses } from './find-losses.ts';
import { findProcess } from './find-process.ts';
import { indexHoldsByRow } from './index-holds-by-row.ts';
import { type Claims, keepClaims } from './keep-claims.ts';
import { makeDetail } from './make-detail.ts';
import { makeOverview } from './make-overview.ts';
import { narrowRecording } from './narrow-recording.ts';
import { pictureSpans } from './picture-spans.ts';
import type { EventFilter, EventSearch, Overview, RecordingView, TrackPicture } from './recording-view.ts';
import { buildSeries, countedHolds, type ReferenceSeries } from './reference-series.ts';
import { remember } from './remember.ts';
import { markHits, searchRecording } from './search-recording.ts';
import { countSelection } from './selection.ts';
import { type SeriesOfModules, seriesOfModules } from './series-of-modules.ts';
import { findHoldStep } from './step-hold.ts';
import { summariseRecording } from './summarise-recording.ts';

/**
 * Answers what a window asks of one recording. What is costly is made when it is first asked for, and kept: series
 * and lanes per module, the rows of the last filters.
 *
 * Errors: a module that the recording does not know gets an empty answer, for the window may ask a moment too late.
 */
export function createRecordingView(name: string, recording: Recording, analysis: Analysis): RecordingView {
  return createGrowingView(name, recording, keepClaims(analysis), analysis, seriesOfModules(analysis.table));
}

/**
 * The same where events have come since the analysis was made: they are listed and counted, and are in the refcount
 * lines; whatever is said of holds and holders is that of the claims, of the moment up to which they account.
 *
 * @param now the events that there are, and the claims' holds by their rows
 * @param printed the refcounts of these events
 */
export function createGrowingView(
  name: string,
  recording: Recording,
  claims: Claims,
  now: EventsAndHolds,
  printed: SeriesOfModules,
): RecordingView {
  const { analysis, holdsOf, lanesOf, graphs } = claims;
  const { table, holds } = now;
  const isAhead = table !== analysis.table;
  const end = table.length === 0 ? 0 : table.time[table.length - 1]!;
  const indexOf = new Map(table.modules.map((module, index) => [module, index]));
  const losses = findLosses(table);

  const seriesOf = remember(Number.POSITIVE_INFINITY, (module: IndexIntoModules): ReferenceSeries => {
    if (analysis.refcounts === 'absolute') return printed.of(module);
    const { rows } = printed.of(module);
    return buildSeries(rows, countedHolds(table, holds, rows, holdsOf.of(module)));
  });
  const narrowings = remember(4, (filter: string) => {
    const narrowed = narrowRecording(now, JSON.parse(filter) as EventFilter);
    if (narrowed === undefined) return undefined;
    const lanesOfPassing = (module: IndexIntoModules) =>
      assignLanes(holds, holdsOf.of(module).filter(narrowed.passes), claims.end);
    return { ...narrowed, lanesOf: remember(Number.POSITIVE_INFINITY, lanesOfPassing) };
  });
  const narrowed = ({ text, modules }: EventFilter) => narrowings(JSON.stringify({ text, modules }));
  const passing = (filter: EventFilter) => narrowed(filter)?.rows;
  const overviews = remember(2, (query: string): Overview => {
    const { columns, filter } = JSON.parse(query) as { columns: number; filter: EventFilter };
    return makeOverview(table, holds, losses, end, columns, narrowed(filter));
  });
  const searches = remember(2, (search: string) => searchRecording(now, JSON.parse(search) as EventSearch));
  const searched = ({ text, search }: EventSearch) => searches(JSON.stringify({ text, search }));
  const describeRow = (row: IndexIntoEvents) => describeEvent(table, holds, row, holdOfRow('all')[row] ?? -1);
  const vocabulary = remember(1, (_: 'all') => rankNames(table));
  const storms = remember(1, (_: 'all') => findStorms(now));
  const statistics = createStatistics(now);
  const holdOfRow = remember(1, (_: 'all') =>
    holds === analysis.holds ? claims.holdOfRow() : indexHoldsByRow(holds, table.length),
  );
  const summary = remember(1, (_: 'all') =>
    summariseRecording(name, recording, table, claims, standingsAt(analysis, claims.end), seriesOf),
  );

  return {
    summary: () => summary('all'),
    modulesAt: (time) => (isAhead ? withUnaccounted(standingsAt(analysis, time)) : standingsAt(analysis, time)),
    accountingAt: (module, time) =>
      isAhead && indexOf.has(module) && !analysis.detail.moduleNumbers.has(module)
        ? notAccounted(module, time)
        : accountFor(analysis, module, time),

    tracks: ({ modules, from, to, width, maxLanes, filter }) => {
      const scale = { from, to, width };
      const lost = pictureLosses(losses, scale);
      const part = filter && narrowed(filter);
      return modules.flatMap((module): TrackPicture[] => {
        const index = indexOf.get(module);
        if (index === undefined) return [];
        const lanes = (part?.lanesOf ?? lanesOf)(index);
        const series = seriesOf(index);
        return [
          {
            module,
            from,
            to,
            width,
            steps: decimateSteps(series, table.time, scale),
            maxReferences: series.max,
            spans: pictureSpans(table, holds, lanes, scale, maxLanes, isAhead ? claims.end : Number.POSITIVE_INFINITY),
            lanes: Math.min(maxLanes, lanes.lanes.length),
            hiddenHolds: countHidden(holds, lanes, from, to, maxLanes),
            lost,
          },
        ];
      });
    },

    overview: (columns, filter) => overviews(JSON.stringify({ columns, filter })),
    detail: (module, from, to, maxPoints) => {
      const index = indexOf.get(module);
      return index === undefined ? [] : makeDetail(seriesOf(index), table.time, from, to, maxPoints);
    },

    eventCount: (filter) => passing(filter)?.length ?? table.length,
    eventRows: (filter, first, count) => {
      const rows = passing(filter);
      const all = rows?.length ?? table.length;
      const from = Math.min(Math.max(0, first), all);
      return Array.from({ length: Math.min(Math.max(0, count), all - from) }, (_, i) => {
        return describeRow(rows === undefined ? from + i : rows[from + i]!);
      });
    },
    eventPositionAt: (filter, time) => {
      const rows = passing(filter);
      return firstAbove(table.time, rows, time, 0, rows?.length ?? table.length) - 1;
    },
    eventAtLine: (line) => {
      const row = table.line.indexOf(line);
      return row < 0 ? undefined : describeRow(row);
    },
    modulesPassing: (filter) => narrowed(filter)?.modules,
    completions: (text, caret) => suggestCompletions(text, caret, vocabulary('all')),
    storms: () => storms('all'),

    hits: (search, row) => {
      const hits = searched(search);
      return { count: hits?.rows.length ?? 0, place: row === undefined ? -1 : (hits?.placeOf(row) ?? -1) };
    },
    nextHit: (search, { row, time }, by) => {
      const hits = searched(search);
      if (hits === undefined || hits.rows.length === 0) return undefined;
      // Without a row, the search goes on between the last event at or before the time and the one behind it.
      const before = row ?? firstAbove(table.time, undefined, time, 0, table.length) - 1;
      return describeRow(by > 0 ? hits.next(before) : hits.previous(row ?? before + 1));
    },
    hitMarks: (search, scale) => {
      const hits = searched(search);
      return hits === undefined ? [] : markHits(hits, table.time, scale);
    },
    hitRows: (search, rows) => {
      const hits = searched(search);
      return hits === undefined ? [] : rows.filter((row) => hits.placeOf(row) >= 0);
    },

    holderGraph: (query, filter) => graphs.at(query, narrowed(filter)?.passes),
    statistics: (query, filter) => statistics.inRange(query, narrowed(filter)),
    change: (query, filter) => statistics.between(query, narrowed(filter)),

    countSelection: (selection) =>
      // What is written is what is accounted for.
      countSelection(analysis, selection, isAhead ? undefined : narrowed({ text: selection.filter, modules: [] })),

    holdFacts: (hold) => (hold < holds.length ? describeHold(analysis, hold) : undefined),
    stepHold: (module, hold, time, by) => {
      const index = indexOf.get(module);
      return index === undefined ? undefined : findHoldStep(holds, holdsOf.of(index), hold, time, by);
    },
    rejectedLines: () => recording.rejected,
    processOf: (pid, line) => findProcess(recording.processes, pid, line),
  };
  /** A module whose first event has just come stands in the list too; more is not known of it. */
  function withUnaccounted(standings: readonly ModuleStanding[]): readonly ModuleStanding[] {
    const known = new Set(standings.map(({ module }) => module));
    const fresh = table.modules.flatMap((module, index): ModuleStanding[] => {
      const { state, refcount, lsmod, unexplained } = notAccounted(module, end);
      const events = printed.of(index).rows.length;
      return known.has(module) || events === 0
        ? []
        : [{ module, state, refcount, lsmod, unexplained, usedBy: [], taints: '', events }];
    });
    return [...standings, ...fresh].sort((a, b) => (a.module < b.module ? -1 : 1));
  }
}

function notAccounted(module: string, time: RecordingTime): Accounting {
  return knowNothing(module, time, 'unknown', 'its events are not accounted for yet');
}
