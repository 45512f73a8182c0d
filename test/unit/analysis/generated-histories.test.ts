import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { accountFor } from '../../../shared/analysis/account-for.ts';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { standingsAt } from '../../../shared/analysis/standings-at.ts';
import { EventKind } from '../../../shared/event-table/event-table.ts';
import { arbitraryHistory } from '../../support/arbitrary-history.ts';
import { writeHistory } from '../../support/write-history.ts';

vi.setConfig({ testTimeout: 120_000 });

const history = fc.record(arbitraryHistory({ modules: 5, tasks: 8, most: 60 }));

it('whatever happened: as many holds are open after each event as the kernel printed, and every sum is right', () => {
  fc.assert(
    fc.property(history, ({ before, steps }) => {
      const { table } = writeHistory(before, steps);
      const analysis = analyse(table);
      const { holds, detail } = analysis;
      if (table.length > 0) expect(analysis.refcounts).toBe('absolute');
      for (let module = 0; module < table.modules.length; module++) {
        for (let place = detail.rows.offset[module]!; place < detail.rows.offset[module + 1]!; place++) {
          const row = detail.rows.rows[place]!;
          const time = table.time[row]!;
          const counts = table.kind[row] === EventKind.get || table.kind[row] === EventKind.put;
          let open = 0;
          for (let hold = 0; hold < holds.length; hold++) {
            if (holds.module[hold] === module && holds.start[hold]! <= time && holds.end[hold]! > time) open++;
          }
          const account = accountFor(analysis, table.modules[module]!, time);
          if (counts) expect(open).toBe(table.refcount[row]! - 1);
          if (account.state === 'absent') expect(open).toBe(0);
          else {
            expect(account.lsmod).toBe(open);
            expect(account.holders.reduce((sum, { references }) => sum + references, 0)).toBe(open);
            expect(account.explained! + account.unexplained!).toBe(open);
            expect(account.holders.flatMap((holder) => holder.holds).length).toBe(open);
          }
        }
      }
    }),
    { numRuns: 400 },
  );
});

it('whatever happened: the list of modules and the account of each say the same', () => {
  fc.assert(
    fc.property(history, ({ before, steps }) => {
      const { table } = writeHistory(before, steps);
      const analysis = analyse(table);
      for (let row = 0; row < table.length; row += 3) {
        for (const standing of standingsAt(analysis, table.time[row]!)) {
          const account = accountFor(analysis, standing.module, table.time[row]!);
          expect(standing).toMatchObject({ state: account.state, refcount: account.refcount, lsmod: account.lsmod });
          expect(standing.unexplained).toBe(account.unexplained);
        }
      }
    }),
    { numRuns: 150 },
  );
});

it('whatever happened: no certain or high claim names somebody who does not hold', () => {
  let claims = 0;
  let confident = 0;
  fc.assert(
    fc.property(history, ({ before, steps }) => {
      const { table, heldAt } = writeHistory(before, steps);
      const analysis = analyse(table);
      for (let row = 0; row < table.length; row++) {
        if (table.module[row]! < 0) continue;
        const name = table.modules[table.module[row]!]!;
        const really = heldAt(row, name);
        for (const holder of accountFor(analysis, name, table.time[row]!).holders) {
          claims++;
          if (holder.confidence !== 'certain' && holder.confidence !== 'high') continue;
          confident++;
          const label = holder.pid === undefined ? `${holder.kind} ${holder.name}` : `pid ${holder.pid}`;
          const truly = really.get(label) ?? 0;
          const story = `${name} after row ${row} (line ${table.line[row]}): ${holder.references} of ${label}, really ${JSON.stringify([...really])}`;
          expect(truly, story).toBeGreaterThanOrEqual(holder.references);
        }
      }
    }),
    { numRuns: 1_000 },
  );
  // Saying nothing would be right always.
  expect(confident / claims).toBeGreaterThan(0.4);
});
