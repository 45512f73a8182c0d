import { describe, expect, it } from 'vitest';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../../shared/analysis/present/plan-release.ts';
import { loaded, makeSnapshot, mounted, running } from '../../support/make-snapshot.ts';

const many = 10_000;
const places = (namespace: number, pid: number) =>
  Array.from({ length: many }, (_, place) => ({ path: `/mnt/${place}`, namespace, pid }));

function planFor(mountPoints: ReturnType<typeof places>) {
  const snapshot = makeSnapshot({
    modules: [loaded('overlay 1')],
    processes: [running('1 systemd'), running('70 runc')],
    superblocks: [mounted('0:40 overlay overlay', { mountPoints })],
  });
  const accounts = accountForPresent(snapshot);
  const { outcome, steps } = planRelease(accounts, snapshot, 'overlay');
  return {
    outcome,
    commands: steps.map(({ alternatives }) => alternatives[0].command),
    title: steps[0]!.alternatives[0].title,
  };
}

describe('a filesystem that is mounted in ten thousand places', () => {
  it('is one reference, and unmounted by one command that finds the places itself', () => {
    expect(planFor(places(1, 1))).toEqual({
      outcome: 'unloads',
      commands: ['umount -A /mnt/0'],
      title: 'Unmount /mnt/0, and 9999 other places',
    });
  });

  it('in the namespace of a container too', () => {
    const elsewhere = [{ path: '/mnt/usb', namespace: 1, pid: 1 }, ...places(2, 70)];
    expect(planFor(elsewhere).commands).toEqual(['umount /mnt/usb && nsenter -t 70 -m umount -A /mnt/0']);
  });

  it('is unmounted place by place where another one lies on top: that one would be taken for it', () => {
    const under = Array.from({ length: 20 }, (_, place) => ({ path: `/mnt/${place}`, namespace: 1, pid: 1 }));
    const snapshot = makeSnapshot({
      modules: [loaded('overlay 1')],
      superblocks: [mounted('0:40 overlay overlay', { mountPoints: under }), mounted('0:41 tmpfs tmpfs /mnt/0')],
    });
    const { steps } = planRelease(accountForPresent(snapshot), snapshot, 'overlay');
    expect(JSON.stringify(steps.map(({ alternatives }) => alternatives))).not.toMatch(/umount -A/);
  });
});
