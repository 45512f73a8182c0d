import { type Clock, printTime } from '../../shared/event-table/clock.ts';
import type { Change, ChangeTally } from '../../shared/statistics/statistics.ts';
import { writeCount, writeCounted, writeDuration } from '../widgets/write-numbers.ts';
import { NumberTable } from './number-table.tsx';

/** What happened between the markers A and B, by module and by holder. */
export function ChangeCard({ change, clock }: { readonly change: Change; readonly clock: Clock }) {
  const { from, to, gets, puts, net, modules, holders, otherModules, otherHolders } = change;
  const words = `${writeCounted(gets, 'get')}, ${writeCounted(puts, 'put')}, ${writeNet(net)} ${Math.abs(net) === 1 ? 'reference' : 'references'}`;
  return (
    <section className="statistics-card statistics-change" aria-label="Between A and B">
      <header>
        <h3>Between A and B</h3>
        <span className="quiet ellipsis" title={`${printTime(clock, from)} to ${printTime(clock, to)}`}>
          {writeDuration(clock, to - from)}: {words}
        </span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long table is scrolled with the keyboard */}
      <section className="statistics-table statistics-two" tabIndex={0} aria-label="Changes by module and by holder">
        <ChangeTable
          name="Module"
          tallies={modules}
          rest={otherModules === 0 ? '' : `and ${writeCounted(otherModules, 'module')} more`}
        />
        <ChangeTable
          name="Holder"
          tallies={holders}
          rest={otherHolders === 0 ? '' : `and ${writeCounted(otherHolders, 'holder')} more`}
        />
      </section>
    </section>
  );
}

interface ChangeTableProps {
  readonly name: string;
  readonly tallies: readonly ChangeTally[];
  readonly rest: string;
}

function ChangeTable({ name, tallies, rest }: ChangeTableProps) {
  const rows = tallies.map(({ label, gets, puts, net }, i) => ({
    key: `${i} ${label}`,
    name: label,
    values: [writeCount(gets), writeCount(puts), writeNet(net)],
  }));
  return (
    <NumberTable
      heads={[name, 'Gets', 'Puts', 'Net']}
      rows={rows}
      rest={rows.length === 0 ? 'Nothing happened.' : rest}
    />
  );
}

/** `+3`, `−1`, `±0` */
function writeNet(net: number): string {
  return net > 0 ? `+${writeCount(net)}` : net < 0 ? `−${writeCount(-net)}` : '±0';
}
