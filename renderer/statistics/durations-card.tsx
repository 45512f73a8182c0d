import { Bar, BarChart, CartesianGrid, Tooltip, XAxis, YAxis } from 'recharts';
import type { Clock } from '../../shared/event-table/clock.ts';
import type { DurationBin, RangeStatistics } from '../../shared/statistics/statistics.ts';
import { writeCount, writeCounted } from '../widgets/write-numbers.ts';
import { ChartCard, HOLDS, TICK, TOOLTIP } from './card.tsx';
import { NumberTable } from './number-table.tsx';
import { writeEdge } from './write-edge.ts';

interface DurationsCardProps {
  readonly statistics: RangeStatistics;
  readonly clock: Clock;
  readonly asTable: boolean;
}

/** How long holds last, on a scale of 1, 2, 5, 10 … */
export function DurationsCard({ statistics, clock, asTable }: DurationsCardProps) {
  const { durations, holds } = statistics;
  const open = [
    holds.neverEnded === 0 ? '' : `${writeCount(holds.neverEnded)} still open`,
    holds.fromBefore === 0 ? '' : `${writeCount(holds.fromBefore)} from before`,
  ].filter((part) => part !== '');
  const rest = open.length === 0 ? '' : `without ${open.join(', ')}`;
  const rangeOf = ({ from, to }: DurationBin) =>
    from === 0 ? `below ${writeEdge(clock, to)}` : `${writeEdge(clock, from)} – ${writeEdge(clock, to)}`;
  const bins = durations.map((bin) => ({ ...bin, range: rangeOf(bin), edge: writeEdge(clock, bin.from) }));
  return (
    <ChartCard
      title="How long holds last"
      note={rest}
      asTable={asTable}
      legend={HOLDS}
      table={
        <NumberTable
          heads={['Duration', 'Holds', 'Passing']}
          rows={bins.map(({ range, lasting, transient }) => ({
            key: range,
            name: range,
            values: [writeCount(lasting), writeCount(transient)],
          }))}
          rest={rest}
        />
      }
      chart={(width, height) =>
        bins.length === 0 ? (
          <p className="empty">
            No hold in view has both a start and an end: {writeCounted(holds.neverEnded, 'is', 'are')} still open.
          </p>
        ) : (
          <BarChart
            width={width}
            height={height}
            data={bins}
            margin={{ top: 6, right: 12, bottom: 0, left: 0 }}
            barCategoryGap={1}
            accessibilityLayer={false}
            role="img"
            title="How long holds last"
          >
            <CartesianGrid stroke="var(--grid)" vertical={false} />
            <XAxis
              dataKey="edge"
              stroke="var(--border-strong)"
              tick={TICK}
              height={20}
              interval="preserveStart"
              minTickGap={10}
            />
            <YAxis width={40} allowDecimals={false} stroke="var(--border-strong)" tick={TICK} />
            <Tooltip {...TOOLTIP} labelFormatter={(edge) => bins.find((bin) => bin.edge === edge)?.range ?? ''} />
            <Bar dataKey="lasting" name="holds" stackId="holds" fill="var(--holder-4)" isAnimationActive={false} />
            <Bar
              dataKey="transient"
              name="passing"
              stackId="holds"
              fill="var(--holder-4)"
              fillOpacity={0.35}
              isAnimationActive={false}
            />
          </BarChart>
        )
      }
    />
  );
}
