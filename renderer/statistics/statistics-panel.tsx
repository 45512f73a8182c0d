import { ChartColumn, Table2 } from 'lucide-react';
import { useState } from 'react';
import type { Clock } from '../../shared/event-table/clock.ts';
import type { ChangeQuery } from '../../shared/statistics/count-change.ts';
import type { Change, RangeStatistics, StatisticsQuery } from '../../shared/statistics/statistics.ts';
import type { RecordingTime } from '../../shared/units.ts';
import { NothingPasses } from '../filter/nothing-passes.tsx';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { IconButton } from '../widgets/icon-button.tsx';
import { writeCount, writeCounted, writeDuration } from '../widgets/write-numbers.ts';
import { CallSitesCard } from './call-sites-card.tsx';
import { ChangeCard } from './change-card.tsx';
import { DurationsCard } from './durations-card.tsx';
import { HoldersCard } from './holders-card.tsx';
import { makeChangeVisible, makeStatisticsVisible } from './make-labels-visible.ts';
import { RateCard } from './rate-card.tsx';

export interface StatisticsPanelProps {
  readonly clock: Clock;
  /** What the timeline shows. */
  readonly window: { readonly from: RecordingTime; readonly to: RecordingTime };
  /** Only these modules; empty for all. */
  readonly modules: readonly string[];
  /** Undefined while they are not both set. */
  readonly markers: { readonly a: RecordingTime; readonly b: RecordingTime } | undefined;
  /** Only what passes it is counted; empty for no filter. */
  readonly filterText: string;
  readonly ask: (query: StatisticsQuery) => Promise<RangeStatistics>;
  readonly askChange: (query: ChangeQuery) => Promise<Change>;
}

/** A chart library draws this many points without being felt. */
const BINS = 120;
const TOP = 10;

/** The visible range in numbers, as charts or as tables, and what changed between the markers. One for each recording. */
export function StatisticsPanel({ clock, window, modules, markers, filterText, ask, askChange }: StatisticsPanelProps) {
  const [asTables, setAsTables] = useState(false);
  const query: StatisticsQuery = { from: window.from, to: window.to, modules, bins: BINS, top: TOP };
  const answer = useLatestAnswer(JSON.stringify([query, filterText]), () => ask(query));
  const changeQuery = markers === undefined ? undefined : { ...markers, modules, top: TOP };
  const change = useLatestAnswer(changeQuery && JSON.stringify([changeQuery, filterText]), () =>
    askChange(changeQuery!),
  );
  const statistics = answer && makeStatisticsVisible(answer);
  return (
    <div className="pane statistics">
      <div className="pane-bar">
        <span className="quiet" role="status">
          {statistics === undefined ? '' : summarise(statistics, clock)}
          {filterText === '' ? '' : ' · only what passes the filter'}
        </span>
        <span className="spring" />
        <IconButton
          name={asTables ? 'Show as charts' : 'Show as tables'}
          pressed={asTables}
          onClick={() => setAsTables(!asTables)}
        >
          {asTables ? <ChartColumn size={15} aria-hidden /> : <Table2 size={15} aria-hidden />}
        </IconButton>
      </div>
      {statistics === undefined ? null : (
        <div className="statistics-cards">
          {change === undefined ? null : <ChangeCard change={makeChangeVisible(change)} clock={clock} />}
          {statistics.gets + statistics.puts + statistics.holds.lasting + statistics.holds.transient === 0 ? (
            <NothingCounted isFiltered={filterText !== ''} />
          ) : (
            <>
              <HoldersCard statistics={statistics} asTable={asTables} />
              <DurationsCard statistics={statistics} clock={clock} asTable={asTables} />
              <RateCard statistics={statistics} clock={clock} asTable={asTables} />
              <CallSitesCard statistics={statistics} asTable={asTables} />
            </>
          )}
        </div>
      )}
    </div>
  );
}

function NothingCounted({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered) return <NothingPasses what="Nothing in view passes this filter." />;
  return <p className="empty">Nothing was got, put or held in what the timeline shows. Zoom out to count more.</p>;
}

/** `1.25 s in view: 1,204 gets, 1,200 puts, 14 holds and 1,190 passing`: taken and given back within one call */
function summarise({ from, to, gets, puts, holds }: RangeStatistics, clock: Clock): string {
  const counts = `${writeCounted(gets, 'get')}, ${writeCounted(puts, 'put')}, ${writeCounted(holds.lasting, 'hold')}`;
  const passing = holds.transient === 0 ? '' : ` and ${writeCount(holds.transient)} passing`;
  return `${writeDuration(clock, to - from)} in view: ${counts}${passing}`;
}
