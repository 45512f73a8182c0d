import { Bar, BarChart, Cell, Tooltip, XAxis, YAxis } from 'recharts';
import type { RangeStatistics } from '../../shared/statistics/statistics.ts';
import { holderColour } from '../theme/holder-colour.ts';
import { writeCount, writeCounted } from '../widgets/write-numbers.ts';
import { ChartCard, HOLDS, TICK, TOOLTIP } from './card.tsx';
import { nameAxis, RowName } from './name-axis.tsx';
import { NumberTable } from './number-table.tsx';

/** How often who held: one bar a holder, in its colour; paler, what was taken and given back within one call. */
export function HoldersCard({
  statistics,
  asTable,
}: {
  readonly statistics: RangeStatistics;
  readonly asTable: boolean;
}) {
  const { holders, otherHolders } = statistics;
  const rest =
    otherHolders.holders === 0
      ? ''
      : `and ${writeCounted(otherHolders.holders, 'holder')} more, ${writeCounted(otherHolders.lasting + otherHolders.transient, 'hold')}`;
  return (
    <ChartCard
      title="Holds per holder"
      note={rest}
      asTable={asTable}
      legend={HOLDS}
      table={
        <NumberTable
          heads={['Holder', 'Holds', 'Passing']}
          rows={holders.map(({ label, kind, lasting, transient }) => ({
            key: `${kind} ${label}`,
            name: label,
            values: [writeCount(lasting), writeCount(transient)],
          }))}
          rest={rest}
        />
      }
      chart={(width, height) => (
        <BarChart
          layout="vertical"
          width={width}
          height={height}
          data={[...holders]}
          margin={{ top: 2, right: 12, bottom: 0, left: 0 }}
          accessibilityLayer={false}
          role="img"
          title="Holds per holder"
        >
          <XAxis type="number" allowDecimals={false} stroke="var(--border-strong)" tick={TICK} height={20} />
          <YAxis
            type="category"
            dataKey="label"
            {...nameAxis(width)}
            tick={<RowName width={nameAxis(width).width} />}
          />
          <Tooltip {...TOOLTIP} />
          <Bar dataKey="lasting" name="holds" stackId="holds" isAnimationActive={false} maxBarSize={16}>
            {holders.map(({ label, kind, colour }) => (
              <Cell key={`${kind} ${label}`} fill={kind === 'module' ? 'var(--holder-none)' : holderColour(colour)} />
            ))}
          </Bar>
          <Bar dataKey="transient" name="passing" stackId="holds" isAnimationActive={false} maxBarSize={16}>
            {holders.map(({ label, kind, colour }) => (
              <Cell
                key={`${kind} ${label}`}
                fill={kind === 'module' ? 'var(--holder-none)' : holderColour(colour)}
                fillOpacity={0.35}
              />
            ))}
          </Bar>
        </BarChart>
      )}
    />
  );
}
