import { describe, expect, it } from 'vitest';
import type { EventTable } from '../../../shared/event-table/event-table.ts';
import { listFixtures } from '../../support/list-fixtures.ts';
import { readFixture, recordingOf } from '../../support/read-fixture.ts';

/** In `storm` buffers overran on purpose, in `instance` each form had its own filter, in `formats` each its own run;
 * of `debian-6.12` there is one form. */
const ownEvents = ['storm', 'instance', 'formats', 'seeds', 'observed', 'debian-6.12'];

const forms = listFixtures().filter((path) => !ownEvents.some((name) => path.startsWith(`recordings/${name}/`)));
const scenarios = [...new Set(forms.map((path) => path.split('/')[1]!))];

/** What every form carries of an event. Task names, call sites and times are told apart below. */
function core(table: EventTable, row: number, withRefcount: boolean): string {
  const { pid } = table.tasks[table.task[row]!]!;
  const module = table.modules[table.module[row]!] ?? '';
  const detail = table.details[table.detail[row]!] ?? '';
  const refcount = withRefcount ? table.refcount[row] : '';
  return `${pid} ${table.kind[row]} ${module} ${detail} ${refcount} ${table.flags[row]! & 2}`;
}

/** The events of each CPU: the recordings were made at once, but by instances that stamp a moment apart. */
function perCpu(table: EventTable, withRefcount: boolean): Map<number, string[]> {
  const cpus = new Map<number, string[]>();
  for (let row = 0; row < table.length; row++) {
    const cpu = table.cpu[row]!;
    cpus.set(cpu, [...(cpus.get(cpu) ?? []), core(table, row, withRefcount)]);
  }
  return cpus;
}

describe('every text form of a recording holds the same events', () => {
  it.each(scenarios)('%s', (scenario) => {
    // Two CPUs race in smp, and every form was printed by an instance that read the count for itself.
    const withRefcount = scenario !== 'smp';
    const reference = perCpu(readTable(`recordings/${scenario}/live/trace_pipe.txt`), withRefcount);
    let compared = 0;
    for (const path of forms.filter((form) => form.startsWith(`recordings/${scenario}/`))) {
      // There trace-cmd was started by the scenario itself, later than the other forms.
      if (scenario === 'observer' && path.includes('/report/')) continue;
      const cpus = perCpu(readTable(path), withRefcount);
      if (path.includes('report.cpu1')) {
        expect([...cpus.keys()], path).toEqual([1]);
        expect(cpus.get(1), path).toEqual(reference.get(1));
      } else expect([...cpus].sort(byCpu), path).toEqual([...reference].sort(byCpu));
      compared++;
    }
    expect(compared).toBeGreaterThanOrEqual(scenario === 'observer' ? 5 : 12);
  });

  it('names the same tasks and call sites in vkms, but for what a form cannot carry', () => {
    const live = readTable('recordings/vkms/live/trace_pipe.txt');
    for (const path of forms.filter((form) => form.startsWith('recordings/vkms/'))) {
      if (path.includes('report.cpu1')) continue;
      const table = readTable(path);
      const cut = path.includes('latency') ? 8 : 15;
      const report = path.includes('/report/');
      const late = path.includes('/late/');
      for (let row = 0; row < table.length; row++) {
        const comm = live.tasks[live.task[row]!]!.comm;
        expect(table.tasks[table.task[row]!]!.comm, path).toBe(comm.slice(0, cut));
        const site = table.callSites[table.callSite[row]!];
        const liveSite = live.callSites[live.callSite[row]!];
        if (liveSite === undefined) expect(site, path).toBeUndefined();
        else if (report) expect(site!.module, path).toBeUndefined();
        else if (late)
          expect([liveSite.symbol, expect.stringMatching(/^0xffffffffc0/)], path).toContainEqual(site!.symbol);
        else expect(site, path).toEqual(liveSite);
      }
    }
  });
});

function readTable(path: string): EventTable {
  return recordingOf(readFixture(pathOf(path))).table;
}

/** Some scenarios are stored gzipped. */
function pathOf(path: string): string {
  return forms.includes(path) ? path : `${path}.gz`;
}

function byCpu(a: readonly [number, string[]], b: readonly [number, string[]]): number {
  return a[0] - b[0];
}
