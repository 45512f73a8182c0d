import { Bar, BarChart, Tooltip, XAxis, YAxis } from 'recharts';
import type { RangeStatistics } from '../../shared/statistics/statistics.ts';
import { writeCount, writeCounted } from '../widgets/write-numbers.ts';
import { ChartCard, GETS_AND_PUTS, TICK, TOOLTIP } from './card.tsx';
import { nameAxis, RowName } from './name-axis.tsx';
import { NumberTable } from './number-table.tsx';

/** Where references are taken and given back. */
export function CallSitesCard({
  statistics,
  asTable,
}: {
  readonly statistics: RangeStatistics;
  readonly asTable: boolean;
}) {
  const { callSites, otherCallSites } = statistics;
  const rest =
    otherCallSites.callSites === 0
      ? ''
      : `and ${writeCounted(otherCallSites.callSites, 'call site')} more, ${writeCounted(otherCallSites.gets + otherCallSites.puts, 'event')}`;
  return (
    <ChartCard
      title="Top call sites"
      note={rest}
      asTable={asTable}
      legend={GETS_AND_PUTS}
      table={
        <NumberTable
          heads={['Call site', 'Gets', 'Puts']}
          rows={callSites.map(({ callSite, gets, puts }) => ({
            key: callSite,
            name: callSite,
            values: [writeCount(gets), writeCount(puts)],
          }))}
          rest={rest}
        />
      }
      chart={(width, height) => (
        <BarChart
          layout="vertical"
          width={width}
          height={height}
          data={[...callSites]}
          margin={{ top: 2, right: 12, bottom: 0, left: 0 }}
          accessibilityLayer={false}
          role="img"
          title="Top call sites"
        >
          <XAxis type="number" allowDecimals={false} stroke="var(--border-strong)" tick={TICK} height={20} />
          <YAxis
            type="category"
            dataKey="callSite"
            {...nameAxis(width)}
            tick={<RowName width={nameAxis(width).width} />}
          />
          <Tooltip {...TOOLTIP} />
          <Bar dataKey="gets" stackId="events" fill="var(--holder-0)" isAnimationActive={false} maxBarSize={16} />
          <Bar dataKey="puts" stackId="events" fill="var(--holder-1)" isAnimationActive={false} maxBarSize={16} />
        </BarChart>
      )}
    />
  );
}
