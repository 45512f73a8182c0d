import type { OpenFile } from '../../../snapshot/system-snapshot.ts';
import type { SnapshotIndex } from '../index-snapshot.ts';
import { oldestOf, wordProcess } from '../name-process.ts';
import type { Count, Found, ReferenceRule } from '../reference-rule.ts';

/** Programs of BPF that may be bound to code of modules: BPF_PROG_TYPE_… of linux/bpf.h. */
const boundTypes = new Set(['17', '24', '26', '27', '28', '29']);

/** Links of BPF that hold what they are bound to. */
const boundLinks = /^(raw_tracepoint|tracing|struct_ops|kprobe_multi)$/;

/** Modules of line disciplines; most have no other user. Source: tty_register_ldisc. */
const disciplines =
  /^(6pack|caif_serial|can327|hci_uart|mctp_serial|mkiss|n_gsm|n_hdlc|n_null|ppp_async|ppp_synctty|pps_ldisc|serport|slcan|slip|snd_serial|spk_ldisc|st_drv)$/;

/** Programs whose work is to attach one. */
const attachers = /^(btattach|gsmMuxd?|hciattach|inputattach|kissattach|ldattach|pppd|slattach|slcand?|slcan_attach)$/;

/** What holds more than the modules that link to it. */
function* listBusy(index: SnapshotIndex): Generator<string> {
  for (const { name, refcount, holders } of index.modules.values()) if ((refcount ?? 0) > holders.length) yield name;
}

const pidsOf = ({ descriptors }: Pick<OpenFile, 'descriptors'>) => [...new Set(descriptors.map(({ pid }) => pid))];

function foundOf(index: SnapshotIndex, file: OpenFile, counts: readonly Count[], says: string): Found {
  const pids = pidsOf(file);
  const oldest = oldestOf(index.snapshot, pids);
  const [first] = file.descriptors;
  return {
    thing: `${file.link} ${oldest}`,
    name: index.process(oldest ?? -1)?.comm ?? '',
    object: file.link,
    pids,
    counts,
    evidence: [`fd ${first?.fd} of ${wordProcess(index.snapshot, first?.pid ?? -1)} is ${file.link}: ${says}`],
  };
}

/** An event of perf holds the module that counts it, or whose tracepoint it is; no file tells which. */
function* findEvents(index: SnapshotIndex): Generator<Found> {
  const busy = [...listBusy(index)];
  for (const file of index.snapshot.openFiles) {
    if (file.link !== 'anon_inode:[perf_event]' || file.descriptors.length === 0) continue;
    const counts = busy.map((module): Count => ({ module, references: 1, confidence: 'low' }));
    yield foundOf(index, file, counts, 'whose event it counts is not told');
  }
}

/** Those that are named like another module than the one that they are in. Source: CREATE_TRACE_POINTS in drivers/nvme/host, drivers/gpu/drm/scheduler, sound/soc. */
const oddTracepoints: readonly (readonly [RegExp, string])[] = [
  [/^nvme_/, 'nvme_core'],
  [/^drm_(sched|run)_/, 'gpu_sched'],
  [/^snd_soc_/, 'snd_soc_core'],
];

/** The kernel names the tracepoint of a link (`tp_name`), and tracepoints begin with the name of their module. */
function moduleOfTracepoint(index: SnapshotIndex, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const odd = oddTracepoints.find(([pattern]) => pattern.test(name));
  if (odd !== undefined) return index.module(odd[1]);
  const words = name.split('_');
  for (let count = words.length - 1; count > 0; count--) {
    const module = index.module(words.slice(0, count).join('_'));
    if (module !== undefined) return module;
  }
  return undefined;
}

/** Programs and links of BPF that may be bound to a module's functions, types or tracepoints. */
function* findPrograms(index: SnapshotIndex): Generator<Found> {
  const busy = [...listBusy(index)];
  for (const file of index.snapshot.openFiles) {
    if (file.descriptors.length === 0) continue;
    const link = file.info.get('link_type')?.trim();
    const type = file.info.get('prog_type')?.trim();
    const isProgram = file.link === 'anon_inode:bpf-prog' && boundTypes.has(type ?? '');
    const isLink = /^anon_inode:\[?bpf[-_]link\]?$/.test(file.link) && boundLinks.test(link ?? '');
    if (!isProgram && !isLink) continue;
    const tracepoint = file.info.get('tp_name')?.trim();
    const module = moduleOfTracepoint(index, tracepoint);
    yield module === undefined
      ? foundOf(
          index,
          file,
          busy.map((name): Count => ({ module: name, references: 1, confidence: 'low' })),
          'what it is bound to is not told',
        )
      : foundOf(
          index,
          file,
          [{ module, references: 1, confidence: 'medium' }],
          `it is bound to the tracepoint ${tracepoint}, which has that module’s name`,
        );
  }
}

/**
 * Terminals whose line discipline somebody may have changed. Every shell has a pseudo-terminal, which /sys knows nothing of:
 * of these only what attachers have is worth a word, and not what they were started from, where they have another.
 */
function listLines(index: SnapshotIndex): readonly OpenFile[] {
  const ownerOf = (file: OpenFile) => oldestOf(index.snapshot, pidsOf(file));
  const lines = (index.characterFiles.get('tty') ?? []).map(({ file }) => file);
  const pseudo = (index.characterFiles.get('') ?? [])
    .filter(({ file, device }) => device.registered === 'pts' && isAttacher(index, file))
    .map(({ file }) => file);
  const isOpened = ({ descriptors }: OpenFile) => descriptors.some(({ fd }) => fd > 2);
  const supplied = new Set([...lines, ...pseudo.filter(isOpened)].map(ownerOf));
  return [...lines, ...pseudo.filter((file) => isOpened(file) || !supplied.has(ownerOf(file)))];
}

function isAttacher(index: SnapshotIndex, file: OpenFile): boolean {
  return attachers.test(index.process(oldestOf(index.snapshot, pidsOf(file)) ?? -1)?.comm ?? '');
}

/** Nothing tells the line discipline of a terminal but the terminal itself, which to open would change it. */
function* findDisciplines(index: SnapshotIndex): Generator<Found> {
  const modules = [...listBusy(index)].filter((name) => disciplines.test(name));
  if (modules.length === 0) return;
  for (const file of listLines(index)) {
    const likely = modules.length === 1 && isAttacher(index, file);
    const counts = modules.map((module): Count => ({ module, references: 1, confidence: likely ? 'medium' : 'low' }));
    yield foundOf(
      index,
      file,
      counts,
      likely ? 'to attach one is what this program does' : 'its line discipline is not told',
    );
  }
}

/** Sockets of TCP take the default of their network as they are made; another that one chose later is not told. */
function* findCongestion(index: SnapshotIndex): Generator<Found> {
  const standard = index.module(`tcp_${index.text('/proc/sys/net/ipv4/tcp_congestion_control')?.trim()}`);
  const own = index.process(1)?.namespaces?.net;
  const sockets = index.snapshot.sockets.filter(({ protocol }) => /^(TCP|MPTCP)/.test(protocol ?? ''));
  const busy = [...listBusy(index)].filter((name) => /^tcp_(?!diag$|probe$)/.test(name));
  if (sockets.length === 0) return;
  for (const module of busy) {
    const isStandard = module === standard;
    const fitting = isStandard ? sockets.filter(({ networkNamespace }) => networkNamespace === own) : sockets;
    const pids = [...new Set(fitting.flatMap(pidsOf))];
    if (fitting.length === 0) continue;
    const count = fitting.length === 1 ? '1 connection' : `${fitting.length} connections`;
    yield {
      thing: module,
      name: index.process(oldestOf(index.snapshot, pids) ?? -1)?.comm ?? '',
      object: `TCP sockets`,
      pids,
      counts: [
        isStandard
          ? { module, references: 0, more: fitting.length, confidence: 'medium' }
          : { module, references: fitting.length, confidence: 'low' },
      ],
      evidence: [
        isStandard
          ? `${count} of TCP in a network where it is the default: each took it, unless it chose another or is older`
          : `${count} of TCP, any of which may have chosen it: which one a socket has is not told`,
      ],
    };
  }
}

/** /proc/net/tls_stat counts the sockets that encrypt now, of each direction; one socket may do both. */
function* findEncrypted(index: SnapshotIndex): Generator<Found> {
  const tls = index.module('tls');
  if (tls === undefined) return;
  for (const { match, text } of index.matching(/\/proc\/(?:\d+\/)?net\/tls_stat/)) {
    const sum = (way: string) =>
      [...text.matchAll(new RegExp(`^TlsCurr${way}(?:Sw|Device)\\s+(\\d{1,9})$`, 'gm'))].reduce(
        (total, [, count]) => total + Number(count),
        0,
      );
    const [sent, received] = [sum('Tx'), sum('Rx')];
    if (sent + received === 0) continue;
    yield {
      thing: match[0],
      name: 'kTLS',
      object: 'encrypted connections',
      pids: [],
      counts: [
        { module: tls, references: Math.max(sent, received), more: Math.min(sent, received), confidence: 'high' },
      ],
      evidence: [`${match[0]}: ${sent} that encrypt what is sent, ${received} that decrypt what is received`],
      ways: [
        {
          title: 'Stop the programs whose connections the kernel encrypts',
          command: undefined,
          consequence: '',
        },
      ],
    };
  }
}

/** A socket of netlink that has spoken to nobody yet is in no list: its protocol is not told. */
function* findSilent(index: SnapshotIndex): Generator<Found> {
  const modules = [...listBusy(index)].filter((name) =>
    /^(xfrm_user|scsi_transport_iscsi|nfnetlink|ib_core|crypto_user)$/.test(name),
  );
  for (const socket of modules.length === 0 ? [] : index.snapshot.sockets) {
    if (socket.protocol !== 'NETLINK' || socket.netlinkProtocol !== undefined) continue;
    const pids = pidsOf(socket);
    yield {
      thing: `silent ${oldestOf(index.snapshot, pids)}`,
      name: index.process(oldestOf(index.snapshot, pids) ?? -1)?.comm ?? '',
      object: `netlink socket ${socket.inode}`,
      pids,
      counts: modules.map((module): Count => ({ module, references: 1, confidence: 'low' })),
      evidence: [
        `a netlink socket of ${wordProcess(index.snapshot, pids[0] ?? -1)} is not bound: its protocol is not told`,
      ],
    };
  }
}

/**
 * What may hold a module, where the kernel does not say which: at best probable, and else a hint beside what stays
 * unexplained. Keys hold nothing on kernels where the key types are built in, as everywhere but in embedded ones.
 */
export const possibleRules: readonly ReferenceRule[] = [
  {
    id: 'perf-event',
    kind: 'perf-event',
    meaning: 'A program counts or traces events, which may be those of this module.',
    release: 'Stop the program.',
    source: 'perf_try_init_event, perf_trace_event_reg',
    stage: 0,
    find: findEvents,
  },
  {
    id: 'bpf-program',
    kind: 'bpf-prog',
    meaning: 'A program of BPF is loaded, which may be bound to this module.',
    release: 'Stop the program that loaded it.',
    source: 'bpf_get_raw_tracepoint, bpf_trampoline_module_get, btf_try_get_module',
    stage: 0,
    find: findPrograms,
  },
  {
    id: 'tty-discipline',
    kind: 'tty-ldisc',
    meaning: 'A terminal is open, which may have this line discipline.',
    release: 'Stop the program that attached it.',
    source: 'tty_ldisc_get',
    stage: 0,
    find: findDisciplines,
  },
  {
    id: 'tcp-congestion',
    kind: 'tcp-congestion',
    meaning: 'Connections of TCP may use this congestion control.',
    release: 'Close the connections.',
    source: 'tcp_assign_congestion_control, tcp_set_congestion_control',
    stage: 0,
    find: findCongestion,
  },
  {
    id: 'tcp-encryption',
    kind: 'tcp-ulp',
    meaning: 'The kernel encrypts connections of TCP with this module.',
    release: 'Close the connections.',
    source: '__tcp_ulp_find_autoload',
    stage: 0,
    find: findEncrypted,
  },
  {
    id: 'silent-netlink',
    kind: 'netlink-socket',
    meaning: 'A program has a netlink socket open, which may be of this module’s protocol.',
    release: 'Stop the program.',
    source: 'netlink_create',
    stage: 0,
    find: findSilent,
  },
];
