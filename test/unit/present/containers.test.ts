import { describe, expect, it } from 'vitest';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../../shared/analysis/present/plan-release.ts';
import { device, loaded, makeSnapshot, opened, running } from '../../support/make-snapshot.ts';

const inside = { mnt: 1, net: 1, pid: 2, user: 1 };
const outside = { ...inside, pid: 1 };

function lastWay(pid: number) {
  const snapshot = makeSnapshot({
    modules: [loaded('testmod 1')],
    devices: [device('c10:120 misc testmod', { registered: 'testmod' })],
    processes: [
      running('1 init', '/', { namespaces: outside, startTicks: 1 }),
      running('40 postgres', '/', { namespaces: inside, startTicks: 500 }),
      running('41 worker', '/', { namespaces: inside, startTicks: 500 }),
      running('42 shell', '/', { namespaces: outside, startTicks: 500 }),
    ],
    openFiles: [opened(`${pid}/3 c10:120 /dev/testmod`)],
  });
  const { steps } = planRelease(accountForPresent(snapshot), snapshot, 'testmod');
  const { command, consequence } = steps[0]!.alternatives.at(-1)!;
  return [command, consequence];
}

describe('a program in a pid namespace of its own', () => {
  it('as its first process hears no plain kill', () => {
    expect(lastWay(40)).toEqual(['kill -9 40', 'ends everything in its container']);
  });

  it('as any other is ended like any other', () => {
    expect(lastWay(41)).toEqual(['kill 41', 'what it has not saved is lost']);
    expect(lastWay(42)).toEqual(['kill 42', 'what it has not saved is lost']);
  });

  it('is told from one of a space whose first process cannot be seen', () => {
    const snapshot = makeSnapshot({
      asRoot: false,
      modules: [loaded('testmod 1')],
      devices: [device('c10:120 misc testmod', { registered: 'testmod' })],
      // Of processes of root an ordinary user cannot read the namespaces.
      processes: [
        running('1 init', '/', { namespaces: undefined, startTicks: 1 }),
        running('900 systemd', '/', { namespaces: outside, startTicks: 400 }),
        running('950 agent', '/', { namespaces: outside, startTicks: 500, parent: 900 }),
      ],
      openFiles: [opened('900/3 c10:120 /dev/testmod')],
    });
    const { steps } = planRelease(accountForPresent(snapshot), snapshot, 'testmod');
    expect(steps[0]!.alternatives.at(-1)).toMatchObject({ command: 'kill 900' });
  });
});
