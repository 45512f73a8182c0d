import { Bar, Cell } from 'recharts';
import type { HolderTally, RangeStatistics } from '../../shared/statistics/statistics.ts';
import { holderColour } from '../theme/holder-colour.ts';
import { writeCount, writeCounted } from '../widgets/write-numbers.ts';
import { BAR, HOLDS } from './card.tsx';
import { NamesCard } from './names-card.tsx';

interface HoldersCardProps {
  readonly statistics: RangeStatistics;
  readonly asTable: boolean;
}

/** How often who held: one bar a holder, in its colour; paler, what was taken and given back within one call. */
export function HoldersCard({ statistics, asTable }: HoldersCardProps) {
  const { holders, otherHolders: other } = statistics;
  const rest = `and ${writeCounted(other.holders, 'holder')} more, ${writeCounted(other.lasting + other.transient, 'hold')}`;
  return (
    <NamesCard
      title="Holds per holder"
      rest={other.holders === 0 ? '' : rest}
      legend={HOLDS}
      asTable={asTable}
      rows={holders}
      nameKey="label"
      heads={['Holder', 'Holds', 'Passing']}
      describe={(holder) => ({
        key: keyOf(holder),
        name: holder.label,
        values: [writeCount(holder.lasting), writeCount(holder.transient)],
      })}
    >
      <Bar dataKey="lasting" name="holds" stackId="holds" {...BAR}>
        {holders.map((holder) => (
          <Cell key={keyOf(holder)} fill={colourOf(holder)} />
        ))}
      </Bar>
      <Bar dataKey="transient" name="passing" stackId="holds" {...BAR}>
        {holders.map((holder) => (
          <Cell key={keyOf(holder)} fill={colourOf(holder)} fillOpacity={0.35} />
        ))}
      </Bar>
    </NamesCard>
  );
}

function keyOf({ kind, label }: HolderTally): string {
  return `${kind} ${label}`;
}

function colourOf({ kind, colour }: HolderTally): string {
  return kind === 'module' ? 'var(--holder-none)' : holderColour(colour);
}
