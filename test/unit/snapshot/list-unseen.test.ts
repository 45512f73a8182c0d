import { expect, test } from 'vitest';
import { readSnapshot } from '../../../shared/snapshot/create-snapshot-reader.ts';
import type { Unseen } from '../../../shared/snapshot/system-snapshot.ts';
import { editSnapshot, type RawFact } from '../../support/edit-snapshot.ts';
import { readSnapshotBytes } from '../../support/read-snapshot-fixture.ts';

const look = readSnapshotBytes('network');

function unseenOf(edit: (fact: RawFact) => RawFact | undefined): readonly string[] {
  const outcome = readSnapshot([editSnapshot(look, edit)]);
  if (!outcome.ok) throw new Error(outcome.problem.why);
  return outcome.snapshot.unseen.map(({ what, why }: Unseen) => `${what}: ${why}`);
}

test('a real look by root as it was leaves nothing to look at', () => {
  expect(unseenOf((fact) => fact)).toEqual([]);
});

test('states of IPsec are told as not asked for, where there are some', () => {
  const renamed = (count: string) => (fact: RawFact) =>
    fact.name === ':module sctp' ? { ...fact, name: ':module esp4', text: fact.text.replace(/^\d+/, count) } : fact;
  expect(unseenOf(renamed('2'))).toEqual(['states of IPsec: The kernel lists them with their keys, so nobody asks.']);
  expect(unseenOf(renamed('0'))).toEqual([]);
});

test('a network that could not be entered, and one that only has a name, are told of', () => {
  const closed = (fact: RawFact) => {
    const [, number, pid] = /^:network (\d+) ([1-9]\d*) /.exec(fact.name) ?? [];
    if (number === undefined) return fact;
    return fact.name.endsWith(' looked') ? { name: `:network ${number} ${pid} looked`, error: 2, text: '' } : undefined;
  };
  expect(unseenOf(closed)).toEqual([
    'firewall rules and queues of 1 other network namespace: No process is in them, or there are too many.',
    expect.stringMatching(
      /^the packet filter and traffic control of the network of process \d+: The process ended meanwhile\.$/,
    ),
  ]);
  const named = (fact: RawFact) =>
    fact.name.startsWith(':mounts ')
      ? { ...fact, text: `${fact.text}90 21 0:4 net:[4026539999] /run/netns/quiet rw shared:5 - nsfs nsfs rw\n` }
      : fact;
  expect(unseenOf(named)).toEqual([
    'firewall rules and queues of 1 other network namespace: No process is in them, or there are too many.',
  ]);
});

test('rules of iptables-legacy are those of the own network alone', () => {
  const legacy = (fact: RawFact) =>
    fact.name === '/proc/uptime' ? { name: 'iptables-legacy-save', error: 0, text: '*filter\nCOMMIT\n' } : fact;
  expect(unseenOf(legacy)).toEqual([
    'rules of iptables-legacy of 1 other network namespace: Only the own one is asked about.',
  ]);
});
