import { Area, AreaChart, CartesianGrid, Tooltip, XAxis, YAxis } from 'recharts';
import { type Clock, printTime } from '../../shared/event-table/clock.ts';
import type { RangeStatistics } from '../../shared/statistics/statistics.ts';
import { rulerTicks } from '../../shared/view-model/ruler-ticks.ts';
import { xToTime } from '../../shared/view-model/time-scale.ts';
import { writeCount, writeDuration } from '../widgets/write-numbers.ts';
import { ChartCard, GETS_AND_PUTS, TICK, TOOLTIP } from './card.tsx';
import { NumberTable } from './number-table.tsx';

interface RateCardProps {
  readonly statistics: RangeStatistics;
  readonly clock: Clock;
  readonly asTable: boolean;
}

const AXIS = 48;
const RIGHT = 16;

/** Gets and puts a second over the visible range; in a recording of ticks, a bin. */
export function RateCard({ statistics, clock, asTable }: RateCardProps) {
  const { from, to, rate } = statistics;
  const width = rate.length === 0 ? 0 : (to - from) / rate.length;
  const perSecond = clock.unit === 'nanoseconds' && width > 0 ? 1e9 / width : 1;
  // The last bin ends where the range does, and an area needs a point there.
  const last = rate.at(-1);
  const points = [...rate, ...(last === undefined ? [] : [{ ...last, time: to }])].map(({ time, gets, puts }) => ({
    time,
    gets: gets * perSecond,
    puts: puts * perSecond,
  }));
  const title = clock.unit === 'nanoseconds' ? 'Gets and puts a second' : 'Gets and puts';
  const busy = rate.filter(({ gets, puts }) => gets + puts > 0);
  return (
    <ChartCard
      title={title}
      note={`each step is ${writeDuration(clock, width)}`}
      asTable={asTable}
      legend={GETS_AND_PUTS}
      table={
        <NumberTable
          heads={['From', 'Gets', 'Puts']}
          rows={busy.map(({ time, gets, puts }) => ({
            key: String(time),
            name: printTime(clock, time),
            values: [writeCount(gets), writeCount(puts)],
          }))}
          rest={busy.length === rate.length ? '' : 'Steps without any are left out.'}
        />
      }
      chart={(chartWidth, height) => {
        const plot = { from, to, width: Math.max(1, chartWidth - AXIS - RIGHT) };
        const ticks = rulerTicks(plot, clock, 64).map(({ x, label }) => ({ time: xToTime(plot, x), label }));
        return (
          <AreaChart
            width={chartWidth}
            height={height}
            data={points}
            margin={{ top: 6, right: RIGHT, bottom: 0, left: 0 }}
            accessibilityLayer={false}
            role="img"
            title={title}
          >
            <CartesianGrid stroke="var(--grid)" vertical={false} />
            <XAxis
              dataKey="time"
              type="number"
              domain={[from, to]}
              allowDataOverflow
              ticks={ticks.map(({ time }) => time)}
              tickFormatter={(time) => ticks.find((tick) => tick.time === time)?.label ?? ''}
              stroke="var(--border-strong)"
              tick={TICK}
              height={20}
            />
            <YAxis width={AXIS} stroke="var(--border-strong)" tick={TICK} tickFormatter={writeShort} />
            <Tooltip
              {...TOOLTIP}
              cursor={{ stroke: 'var(--border-strong)' }}
              labelFormatter={(time) => printTime(clock, Number(time))}
              formatter={(value) => writeCount(Number(value))}
            />
            <Area
              dataKey="gets"
              type="stepAfter"
              stroke="var(--holder-0)"
              fill="var(--holder-0)"
              fillOpacity={0.18}
              isAnimationActive={false}
            />
            <Area
              dataKey="puts"
              type="stepAfter"
              stroke="var(--holder-1)"
              fill="var(--holder-1)"
              fillOpacity={0.12}
              isAnimationActive={false}
            />
          </AreaChart>
        );
      }}
    />
  );
}

const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

function writeShort(value: number): string {
  return short.format(value);
}
