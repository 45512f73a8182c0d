import type { SnapshotIndex } from '../index-snapshot.ts';
import { quoteShell } from '../quote-shell.ts';
import type { Found, ReferenceRule } from '../reference-rule.ts';

const IFF_PERSIST = 0x800;
const IFF_TAP = 0x2;

function* findPersistent(index: SnapshotIndex): Generator<Found> {
  const tun = index.module('tun');
  if (tun === undefined) return;
  for (const { match, text } of index.matching(/\/sys\/class\/net\/([^/]+)\/tun_flags/)) {
    const flags = Number(text.trim());
    const name = match[1]!;
    if ((flags & IFF_PERSIST) === 0) continue;
    const mode = (flags & IFF_TAP) === 0 ? 'tun' : 'tap';
    yield {
      thing: name,
      name,
      object: `${mode} interface ${name}`,
      pids: [],
      counts: [{ module: tun, references: 1, confidence: 'certain' }],
      evidence: [`${match[0]} is ${text.trim()}: it stays without a program`],
      ways: [
        {
          title: `Delete ${name}`,
          command: `ip link delete dev ${quoteShell(name)}`,
          consequence: 'the interface and its addresses are gone',
        },
      ],
    };
  }
}

function* findPhys(index: SnapshotIndex): Generator<Found> {
  for (const { match, text } of index.matching(/\/sys\/class\/net\/([^/]+)\/phydev\/driver\/module/)) {
    const module = index.module(text.trim().split('/').at(-1));
    if (module === undefined) continue;
    yield {
      thing: match[1]!,
      name: match[1]!,
      object: `PHY of ${match[1]}`,
      pids: [],
      counts: [{ module, references: 1, confidence: 'high' }],
      evidence: [`${match[0]} points to ${module}`],
      ways: [
        {
          title: `Take ${match[1]} down`,
          command: `ip link set dev ${quoteShell(match[1]!)} down`,
          consequence: `${match[1]} is offline; a driver that keeps it even then must be unloaded`,
        },
      ],
    };
  }
}

/** How many times each word stands in a text, by a pattern whose first group is the word. */
function countWords(text: string, pattern: RegExp): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [, word] of text.matchAll(pattern)) counts.set(word!, (counts.get(word!) ?? 0) + 1);
  return counts;
}

/** /proc/net/ip_vs: `TCP  0A000001:0050 rr`. */
function* findBalancers(index: SnapshotIndex): Generator<Found> {
  for (const { match, text } of index.matching(/\/proc\/.*net\/ip_vs/)) {
    // Of another network it is read through a process in it.
    const process = /^\/proc\/(\d+)\//.exec(match[0])?.[1];
    const enter = process === undefined ? '' : `nsenter -t ${process} -n `;
    for (const [scheduler, count] of countWords(text, /^(?:TCP|UDP|SCTP|FWM)\s+\S+\s+([a-z]\w*)/gm)) {
      const module = index.module(`ip_vs_${scheduler}`);
      const core = index.module('ip_vs');
      yield {
        thing: `${process === undefined ? '' : `${process} `}${scheduler}`,
        name: scheduler,
        object: 'IPVS services',
        pids: [],
        counts: [
          ...(module === undefined ? [] : [{ module, references: count, confidence: 'high' as const }]),
          ...(core === undefined ? [] : [{ module: core, references: count, confidence: 'medium' as const }]),
        ],
        evidence: [`${match[0]} lists ${count === 1 ? '1 service' : `${count} services`} of ${scheduler}`],
        ways: [
          { title: 'Clear the table of services', command: `${enter}ipvsadm -C`, consequence: 'load balancing ends' },
        ],
      };
    }
  }
}

/** What registers with IPVS counts once more than by its link; the helper of FTP in each network. */
function* findRegistered(index: SnapshotIndex): Generator<Found> {
  const core = index.module('ip_vs');
  if (core === undefined) return;
  const spaces = new Set([...index.snapshot.processes.values()].map(({ namespaces }) => namespaces?.net));
  spaces.delete(undefined);
  for (const name of index.modules.get(core)?.holders ?? []) {
    if (!name.startsWith('ip_vs_')) continue;
    const more = name === 'ip_vs_ftp' ? Math.max(0, spaces.size - 1) : 0;
    yield {
      thing: name,
      name,
      object: 'registered with IPVS',
      pids: [],
      counts: [{ module: core, references: 1, more, confidence: 'high' }],
      evidence: [`${name} registers with ${core} for as long as it is loaded`],
      endsWith: [name],
      ways: [],
    };
  }
}

/** Defaults of the system, which count as a user of their own. */
function* findSettings(index: SnapshotIndex): Generator<Found> {
  for (const { match, text } of index.matching(/\/proc\/sys\/net\/ipv4\/tcp_congestion_control/)) {
    const module = index.module(`tcp_${text.trim()}`);
    if (module === undefined) continue;
    const spaces = new Set([...index.snapshot.processes.values()].map(({ namespaces }) => namespaces?.net));
    spaces.delete(undefined);
    yield {
      thing: 'tcp_congestion_control',
      name: text.trim(),
      object: match[0],
      pids: [],
      counts: [{ module, references: 1, more: Math.max(0, spaces.size - 1), confidence: 'certain' }],
      evidence: [`${match[0]} is ${text.trim()}`],
      ways: [
        {
          title: 'Use another congestion control',
          command: 'sysctl net.ipv4.tcp_congestion_control=reno',
          consequence: 'for new connections',
        },
      ],
    };
  }
  for (const { match, text } of index.matching(/\/proc\/sys\/net\/core\/default_qdisc/)) {
    const module = index.module(`sch_${text.trim()}`);
    if (module === undefined) continue;
    yield {
      thing: 'default_qdisc',
      name: text.trim(),
      object: match[0],
      noun: 'default queueing discipline',
      pids: [],
      counts: [{ module, references: 1, confidence: 'certain' }],
      evidence: [`${match[0]} is ${text.trim()}`],
      ways: [
        {
          title: 'Use another default',
          command: 'sysctl net.core.default_qdisc=pfifo_fast',
          consequence: 'for new interfaces',
        },
      ],
    };
  }
}

/** Network interfaces and settings. Interfaces themselves count on nothing, but for a few. */
export const networkRules: readonly ReferenceRule[] = [
  {
    id: 'tun-persist',
    kind: 'tun-persist',
    meaning: 'A tun or tap interface was made to stay without a program.',
    release: 'Delete the interface.',
    source: '__tun_chr_ioctl',
    stage: 1,
    find: findPersistent,
  },
  {
    id: 'network-phy',
    kind: 'network-device',
    meaning: 'A network interface uses this driver for its physical layer.',
    release: 'Take the interface down, or unload its driver.',
    source: 'phy_attach_direct',
    stage: 4,
    find: findPhys,
  },
  {
    id: 'ipvs',
    kind: 'ipvs',
    meaning: 'A balanced service uses this scheduler.',
    release: 'Delete the service.',
    source: 'ip_vs_scheduler_get, ip_vs_use_count_inc',
    stage: 1,
    find: findBalancers,
  },
  {
    id: 'ipvs-registration',
    kind: 'ipvs',
    noun: 'registration',
    meaning: 'A scheduler, a helper or a persistence engine of IPVS is loaded.',
    release: 'Unload it.',
    source: 'register_ip_vs_scheduler, register_ip_vs_app, register_ip_vs_pe',
    stage: 5,
    find: findRegistered,
  },
  {
    id: 'network-default',
    kind: 'tcp-congestion-default',
    meaning: 'It is the system’s default.',
    release: 'Choose another default.',
    source: 'tcp_set_default_congestion_control, qdisc_set_default',
    stage: 4,
    find: findSettings,
  },
];
