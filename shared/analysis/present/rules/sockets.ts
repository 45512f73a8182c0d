import type { SocketFact } from '../../../snapshot/system-snapshot.ts';
import type { SnapshotIndex } from '../index-snapshot.ts';
import { oldestOf, wordProcess } from '../name-process.ts';
import type { Count, Found, ReferenceRule } from '../reference-rule.ts';

/** Protocols whose socket operations have no owner, or one that is built in: the socket is one reference, not two. */
const single = /^(CAN_|PING)/;

/** Modules of netlink protocols, by their number. */
const netlinkModules: Readonly<Record<number, string>> = {
  6: 'xfrm_user',
  8: 'scsi_transport_iscsi',
  12: 'nfnetlink',
  16: 'genetlink',
  20: 'ib_core',
  21: 'crypto_user',
};

/** Where /proc/net/protocols was not read: names whose module is another. */
const protocolModules: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ALG: 'af_alg',
    AF_VSOCK: 'vsock',
    CAN_RAW: 'can_raw',
    CAN_BCM: 'can_bcm',
    CAN_ISOTP: 'can_isotp',
    CAN_J1939: 'can_j1939',
    SCTP: 'sctp',
    SCTPv6: 'sctp',
    DCCP: 'dccp_ipv4',
    L2CAP: 'bluetooth',
    HCI: 'bluetooth',
    SCO: 'bluetooth',
    RFCOMM: 'rfcomm',
    BNEP: 'bnep',
    HIDP: 'hidp',
    KEY: 'af_key',
    TIPC: 'tipc',
    RDS: 'rds',
    PPPOE: 'pppoe',
    QIPCRTR: 'qrtr',
    SMC: 'smc',
    SMC6: 'smc',
    KCM: 'kcm',
  }),
);

/** `protocol size sockets memory press maxhdr slab module …`, of every namespace that was read. */
function readProtocols(index: SnapshotIndex): ReadonlyMap<string, string> {
  const modules = new Map<string, string>();
  for (const { text } of index.matching(/\/proc\/.*net\/protocols/)) {
    for (const line of text.split('\n').slice(1)) {
      const match = /^(\S+)\s+\d+\s+-?\d+\s+-?\d+\s+\S+\s+\d+\s+\S+\s+(\S+)/.exec(line);
      if (match !== null && match[2] !== 'kernel') modules.set(match[1]!, match[2]!);
    }
  }
  return modules;
}

function findProtocol(index: SnapshotIndex, protocols: ReadonlyMap<string, string>, socket: SocketFact): Count[] {
  const { protocol, netlinkProtocol } = socket;
  if (netlinkProtocol !== undefined) {
    const module = index.module(netlinkModules[netlinkProtocol]);
    return module === undefined ? [] : [{ module, references: 1, confidence: 'certain' }];
  }
  if (protocol === undefined) return [];
  const module = index.module(protocols.get(protocol) ?? protocolModules.get(protocol));
  return module === undefined ? [] : [{ module, references: single.test(protocol) ? 1 : 2, confidence: 'certain' }];
}

function wordSocket({ protocol, netlinkProtocol, inode, about }: SocketFact): string {
  const name = netlinkProtocol === undefined ? protocol : `netlink ${netlinkProtocol}`;
  return `socket ${inode} (${name})${about === '' ? '' : ` ${about}`}`;
}

function* findSockets(index: SnapshotIndex): Generator<Found> {
  const protocols = readProtocols(index);
  for (const socket of index.snapshot.sockets) {
    const counts = findProtocol(index, protocols, socket);
    const [first] = socket.descriptors;
    if (counts.length === 0 || first === undefined) continue;
    const pids = [...new Set(socket.descriptors.map(({ pid }) => pid))];
    const oldest = oldestOf(index.snapshot, pids);
    yield {
      thing: `${socket.protocol ?? socket.netlinkProtocol} ${oldest}`,
      name: index.process(oldest ?? -1)?.comm ?? '',
      object: wordSocket(socket),
      ...(socket.netlinkProtocol === undefined ? {} : { noun: 'netlink socket' }),
      pids,
      counts,
      evidence: [`fd ${first.fd} of ${wordProcess(index.snapshot, first.pid)} is ${wordSocket(socket)}`],
    };
  }
}

/**
 * What a socket took after it was made: a bound AF_ALG socket its sort of algorithm, a connected vsock its transport.
 * No file tells which; so it is said only where one module can be meant.
 */
function* findBound(index: SnapshotIndex): Generator<Found> {
  const kinds: readonly (readonly [string, RegExp, string])[] = [
    ['ALG', /^algif_(hash|skcipher|aead|rng|akcipher)$/, 'an AF_ALG socket is bound to one of its algorithms'],
    [
      'AF_VSOCK',
      /^(vmw_vsock_virtio_transport|vmw_vsock_vmci_transport|vhost_vsock|vsock_loopback|hv_sock)$/,
      'a vsock socket is connected through it',
    ],
  ];
  for (const [protocol, pattern, evidence] of kinds) {
    const sockets = index.snapshot.sockets.filter((socket) => socket.protocol === protocol);
    if (sockets.length === 0) continue;
    const busy = [...index.modules.values()].filter(
      ({ name, refcount, holders }) => pattern.test(name) && (refcount ?? 0) > holders.length,
    );
    const programs = new Map<number | undefined, SocketFact[]>();
    for (const socket of sockets) {
      const oldest = oldestOf(index.snapshot, pidsOf([socket]));
      programs.set(oldest, [...(programs.get(oldest) ?? []), socket]);
    }
    const left = busy.reduce((sum, { refcount, holders }) => sum + (refcount ?? 0) - holders.length, 0);
    // Of several programs nobody can say whose socket is bound to which, unless each is bound to the same.
    if (programs.size > 1 && (busy.length > 1 || left !== sockets.length)) continue;
    for (const { name } of busy) {
      for (const [oldest, own] of programs) {
        const sure = programs.size > 1 ? own.length : busy.length === 1 ? 1 : 0;
        yield {
          thing: programs.size > 1 ? `${name} ${oldest}` : name,
          name: index.process(oldest ?? -1)?.comm ?? '',
          object: `${protocol} socket`,
          pids: pidsOf(own),
          counts: [{ module: name, references: sure, more: own.length - sure, confidence: 'medium' }],
          evidence: [
            `${own.length === 1 ? '1 socket is' : `${own.length} sockets are`} open, and this module is in use: most likely ${evidence}`,
          ],
        };
      }
    }
  }
}

function pidsOf(sockets: readonly SocketFact[]): number[] {
  return [...new Set(sockets.flatMap(({ descriptors }) => descriptors.map(({ pid }) => pid)))];
}

/** SCTP makes a control socket for each network namespace as it is loaded, and keeps it. */
function* findControlSockets(index: SnapshotIndex): Generator<Found> {
  const sctp = index.module('sctp');
  if (sctp === undefined) return;
  const spaces = new Set<number>();
  for (const { namespaces } of index.snapshot.processes.values())
    if (namespaces !== undefined) spaces.add(namespaces.net);
  yield {
    thing: 'sctp',
    name: 'sctp',
    object: 'control socket',
    pids: [],
    counts: [{ module: sctp, references: 2, more: 2 * Math.max(0, spaces.size - 1), confidence: 'high' }],
    evidence: ['it makes a control socket in each network namespace, and that counts on itself'],
    ways: [],
  };
}

/** rfcomm listens from its start to its end on a socket that nobody opened, which counts on the core of Bluetooth. */
function* findListeners(index: SnapshotIndex): Generator<Found> {
  const [core, listener] = [index.module('bluetooth'), index.module('rfcomm')];
  if (core === undefined || listener === undefined) return;
  yield {
    thing: listener,
    name: listener,
    object: 'L2CAP socket',
    pids: [],
    counts: [{ module: core, references: 2, confidence: 'high' }],
    evidence: [`${listener} listens on a socket of its own for as long as it is loaded`],
    endsWith: [listener],
    ways: [],
  };
}

/** Open sockets, and what sockets take beside. */
export const socketRules: readonly ReferenceRule[] = [
  {
    id: 'socket',
    kind: 'socket',
    meaning: 'A program has a socket of this protocol open.',
    release: 'Close the socket, or stop the program.',
    source: 'sk_prot_alloc, __sock_create, netlink_create',
    stage: 0,
    find: findSockets,
  },
  {
    id: 'bound-socket',
    kind: 'socket',
    noun: 'bound socket',
    meaning: 'A socket uses this module since it was bound or connected.',
    release: 'Close the socket, or stop the program.',
    source: 'alg_bind, vsock_assign_transport',
    stage: 0,
    find: findBound,
  },
  {
    id: 'control-socket',
    kind: 'symbol-get',
    noun: 'control socket',
    meaning: 'The module keeps a socket of its own, which nobody can close.',
    release: 'Reboot: nothing that is open holds it.',
    source: 'inet_ctl_sock_create',
    stage: 4,
    forever: true,
    find: findControlSockets,
  },
  {
    id: 'listening-socket',
    kind: 'socket',
    noun: 'listening socket',
    meaning: 'Another module keeps a socket of this one open, which nobody can close.',
    release: 'Unload the other module.',
    source: 'rfcomm_add_listener, sock_create_kern',
    stage: 5,
    find: findListeners,
  },
];
