import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { accountFor } from '../../../shared/analysis/account-for.ts';
import { analyse } from '../../../shared/analysis/analyse.ts';
import type { Analysis } from '../../../shared/analysis/analysis.ts';
import { EventKind } from '../../../shared/event-table/event-table.ts';
import { createStatistics } from '../../../shared/statistics/create-statistics.ts';
import { labelHolder } from '../../../shared/view-model/label-holder.ts';
import { arbitraryHistory } from '../../support/arbitrary-history.ts';
import { writeHistory } from '../../support/write-history.ts';

vi.setConfig({ testTimeout: 60_000 });

const scene = fc.record({
  ...arbitraryHistory({ modules: 4, tasks: 6, most: 40 }),
  /** Where the range begins and ends, as parts of the recording; sometimes beyond it, sometimes on an event. */
  from: fc.integer({ min: -2, max: 20 }),
  length: fc.integer({ min: 0, max: 24 }),
  onEvents: fc.boolean(),
  bins: fc.integer({ min: 1, max: 7 }),
  some: fc.option(fc.nat(3), { nil: undefined }),
});

type Scene = typeof scene extends fc.Arbitrary<infer Value> ? Value : never;

function play({ before, steps, from, length, onEvents, bins, some }: Scene) {
  const { table } = writeHistory(before, steps);
  const analysis = analyse(table);
  const end = table.length === 0 ? 0 : table.time[table.length - 1]!;
  const at = (part: number) =>
    onEvents ? (table.time[Math.min(Math.max(0, part), table.length - 1)] ?? 0) : (end * part) / 20;
  const modules = some === undefined ? [] : [`m${some}`];
  const counts = (place: number) => place >= 0 && (modules.length === 0 || modules.includes(table.modules[place]!));
  return { analysis, from: at(from), to: at(from + length), bins, modules, counts };
}

const rowsOf = ({ table }: Analysis) => Array.from({ length: table.length }, (_, row) => row);
const holdsOf = ({ holds }: Analysis) => Array.from({ length: holds.length }, (_, hold) => hold);

test('whatever happened in whichever range, counting one by one gives the same', () => {
  fc.assert(
    fc.property(scene, (given) => {
      const { analysis, from, to, bins, modules, counts } = play(given);
      const { table, holds } = analysis;
      const counted = createStatistics(analysis).inRange({ from, to, modules, bins, top: 1_000 });

      const rows = rowsOf(analysis).filter(
        (row) => table.time[row]! >= from && table.time[row]! <= to && counts(table.module[row]!),
      );
      const gets = rows.filter((row) => table.kind[row] === EventKind.get);
      const puts = rows.filter((row) => table.kind[row] === EventKind.put);
      expect([counted.gets, counted.puts]).toEqual([gets.length, puts.length]);

      expect(counted.rate).toHaveLength(bins);
      for (const [bin, { time, ...found }] of counted.rate.entries()) {
        const next = counted.rate[bin + 1]?.time ?? Number.POSITIVE_INFINITY;
        const isIn = (row: number) => table.time[row]! >= time && table.time[row]! < next;
        // The bins of a range of no length all begin at once, and the last one takes what there is.
        expect(found).toEqual({ gets: gets.filter(isIn).length, puts: puts.filter(isIn).length });
      }

      const sites = new Map<string, { gets: number; puts: number }>();
      for (const row of [...gets, ...puts]) {
        const name = table.callSites[table.callSite[row]!]!.symbol;
        const site = sites.get(name) ?? { gets: 0, puts: 0 };
        sites.set(name, site);
        site[table.kind[row] === EventKind.get ? 'gets' : 'puts']++;
      }
      expect(new Map(counted.callSites.map(({ callSite, ...site }) => [callSite, site]))).toEqual(sites);

      const open = holdsOf(analysis).filter((hold) => {
        const [start, end] = [holds.start[hold]!, holds.end[hold]!];
        return start <= to && (end > from || start >= from) && counts(holds.module[hold]!);
      });
      const passing = open.filter((hold) => holds.transient[hold] === 1);
      expect(counted.holds).toEqual({
        lasting: open.length - passing.length,
        transient: passing.length,
        neverEnded: open.filter((hold) => holds.end[hold] === Number.POSITIVE_INFINITY).length,
        fromBefore: open.filter((hold) => holds.start[hold] === Number.NEGATIVE_INFINITY).length,
      });
      const byLabel = new Map<string, number>();
      for (const hold of open) {
        const label = labelHolder(holds.holders[holds.holder[hold]!]!);
        byLabel.set(label, (byLabel.get(label) ?? 0) + 1);
      }
      const told = new Map<string, number>();
      for (const { label, lasting, transient } of counted.holders)
        told.set(label, (told.get(label) ?? 0) + lasting + transient);
      expect(told).toEqual(byLabel);

      const durations = open.map((hold) => holds.end[hold]! - holds.start[hold]!).filter(Number.isFinite);
      for (const bin of counted.durations)
        expect(bin.lasting + bin.transient).toBe(
          durations.filter((duration) => duration >= bin.from && duration < bin.to).length,
        );
      expect(counted.durations.reduce((sum, bin) => sum + bin.lasting + bin.transient, 0)).toBe(durations.length);
    }),
    { numRuns: 300 },
  );
});

test('whatever happened between two times, the net change is what the accounts say at both', () => {
  fc.assert(
    fc.property(scene, (given) => {
      const { analysis, from, to, modules, counts } = play(given);
      const { table, holds } = analysis;
      const change = createStatistics(analysis).between({ a: to, b: from, modules, top: 1_000 });
      expect([change.from, change.to]).toEqual([from, to]);

      const rows = rowsOf(analysis).filter(
        (row) => table.time[row]! > from && table.time[row]! <= to && counts(table.module[row]!),
      );
      const countKind = (kind: EventKind, name?: string) =>
        rows.filter(
          (row) => table.kind[row] === kind && (name === undefined || table.modules[table.module[row]!] === name),
        ).length;
      expect([change.gets, change.puts]).toEqual([countKind(EventKind.get), countKind(EventKind.put)]);

      const heldAt = (name: string, time: number) => {
        const { holders } = accountFor(analysis, name, time);
        return holders.reduce((sum, { references }) => sum + references, 0);
      };
      const told = new Map(change.modules.map((tally) => [tally.label, tally]));
      for (const [place, name] of table.modules.entries()) {
        const expected = counts(place)
          ? {
              gets: countKind(EventKind.get, name),
              puts: countKind(EventKind.put, name),
              net: heldAt(name, to) - heldAt(name, from),
            }
          : { gets: 0, puts: 0, net: 0 };
        const { gets, puts, net } = told.get(name) ?? { gets: 0, puts: 0, net: 0 };
        expect({ gets, puts, net }).toEqual(expected);
      }
      expect(change.net).toBe(change.modules.reduce((sum, { net }) => sum + net, 0));
      expect(change.holders.reduce((sum, { net }) => sum + net, 0)).toBe(change.net);

      const taken = holdsOf(analysis).filter(
        (hold) => rows.includes(holds.startRow[hold]!) && table.kind[holds.startRow[hold]!] === EventKind.get,
      );
      expect(change.holders.reduce((sum, { gets }) => sum + gets, 0)).toBe(taken.length);
    }),
    { numRuns: 300 },
  );
});
