import { Bar } from 'recharts';
import type { RangeStatistics } from '../../shared/statistics/statistics.ts';
import { writeCount, writeCounted } from '../widgets/write-numbers.ts';
import { BAR, GETS_AND_PUTS } from './card.tsx';
import { NamesCard } from './names-card.tsx';

interface CallSitesCardProps {
  readonly statistics: RangeStatistics;
  readonly asTable: boolean;
}

/** Where references are taken and given back. */
export function CallSitesCard({ statistics, asTable }: CallSitesCardProps) {
  const { callSites, otherCallSites: other } = statistics;
  const rest = `and ${writeCounted(other.callSites, 'call site')} more, ${writeCounted(other.gets + other.puts, 'event')}`;
  return (
    <NamesCard
      title="Top call sites"
      rest={other.callSites === 0 ? '' : rest}
      legend={GETS_AND_PUTS}
      asTable={asTable}
      rows={callSites}
      nameKey="callSite"
      heads={['Call site', 'Gets', 'Puts']}
      describe={({ callSite, gets, puts }) => ({
        key: callSite,
        name: callSite,
        values: [writeCount(gets), writeCount(puts)],
      })}
    >
      <Bar dataKey="gets" stackId="events" fill="var(--holder-0)" {...BAR} />
      <Bar dataKey="puts" stackId="events" fill="var(--holder-1)" {...BAR} />
    </NamesCard>
  );
}
