import type { HolderKind } from './hold-table.ts';

/** How the holders of one sort of reference are told of. */
export interface HolderSort {
  readonly kind: HolderKind;
  readonly noun: string;
  readonly plural: string;
  /**
   * Whom the reference belongs to. `taker`: the process that took it, until it closes. `object`: a thing that outlives
   * the process that made it (a rule, a device), so the process is only its maker. `giver`: whoever gives it back is
   * the one who held it (a kernel thread, a user of an algorithm).
   */
  readonly belongsTo: 'taker' | 'object' | 'giver';
}

function sort(kind: HolderKind, belongsTo: HolderSort['belongsTo'], noun: string, plural = `${noun}s`): HolderSort {
  return { kind, belongsTo, noun, plural };
}

const file = sort('task', 'taker', 'file');
const device = sort('device', 'object', 'device');

/** By the kind of the call-site table; what is not listed is a `device reference` of an unnamed sort. */
const sorts: ReadonlyMap<string, HolderSort> = new Map(
  Object.entries({
    'process-fd': file,
    'drm-file': file,
    'sound-control': file,
    'sound-stream': file,
    'sound-midi': file,
    'sound-seq': file,
    'sound-timer': file,
    sound: file,
    'tty-device': sort('task', 'taker', 'terminal'),
    'tty-ldisc': sort('task', 'taker', 'line discipline'),
    'watchdog-armed': sort('task', 'taker', 'watchdog'),
    'i2c-adapter': sort('task', 'taker', 'I2C bus'),
    'mtd-device': sort('device', 'object', 'flash device'),
    'kvm-vm': sort('task', 'taker', 'virtual machine'),
    'vfio-device': sort('task', 'taker', 'VFIO device'),
    'vfio-container': sort('task', 'taker', 'VFIO container'),
    'dma-buf': sort('task', 'taker', 'shared buffer'),
    'perf-event': sort('task', 'taker', 'perf event'),
    'exec-image': sort('task', 'taker', 'running program'),
    exec: sort('task', 'taker', 'program start'),
    'sysfs-access': sort('task', 'taker', 'sysfs access', 'sysfs accesses'),
    'proc-read': sort('task', 'taker', 'proc file'),
    'nf-queue': sort('task', 'taker', 'netfilter queue'),
    'ipmi-user': sort('task', 'taker', 'IPMI interface'),
    tpm: sort('task', 'taker', 'TPM command'),
    'ppp-channel': sort('task', 'taker', 'PPP connection'),
    socket: sort('socket', 'taker', 'socket'),
    'netlink-socket': sort('socket', 'taker', 'netlink socket'),
    'netlink-dump': sort('socket', 'taker', 'netlink listing'),
    'netlink-request': sort('socket', 'taker', 'netlink request'),
    'netlink-monitor': sort('socket', 'taker', 'packet monitor'),
    sockopt: sort('socket', 'taker', 'socket option call'),
    'tcp-congestion': sort('socket', 'taker', 'TCP connection'),
    'tcp-ulp': sort('socket', 'taker', 'TCP connection'),
    'bluetooth-connection': sort('socket', 'taker', 'Bluetooth connection'),
    'filesystem-mount': sort('mount', 'object', 'mount'),
    'fs-lookup': sort('mount', 'object', 'filesystem look-up'),
    'fs-context': sort('mount', 'object', 'mount in progress', 'mounts in progress'),
    'nfs-mount': sort('mount', 'object', 'NFS mount'),
    'cifs-mount': sort('mount', 'object', 'SMB mount'),
    '9p-mount': sort('mount', 'object', '9p mount'),
    'nls-charset': sort('mount', 'object', 'character set'),
    quota: sort('mount', 'object', 'disk quota'),
    'block-open': sort('device', 'object', 'open block device'),
    'scsi-device': sort('device', 'object', 'SCSI device'),
    'loop-device': sort('device', 'object', 'loop device'),
    'dm-device': sort('device', 'object', 'device-mapper device'),
    'dm-table': sort('device', 'object', 'device-mapper target'),
    'md-array': sort('device', 'object', 'RAID array'),
    'nbd-device': sort('device', 'object', 'network block device'),
    'rbd-device': sort('device', 'object', 'RBD image'),
    'bcache-device': sort('device', 'object', 'bcache device'),
    'io-scheduler': sort('device', 'object', 'I/O scheduler'),
    'tun-persist': sort('network', 'object', 'persistent interface'),
    'network-device': sort('network', 'object', 'network interface'),
    'netdev-monitor': sort('network', 'object', 'capture interface'),
    'nft-rule': sort('network', 'object', 'nftables rule'),
    'nft-chain': sort('network', 'object', 'nftables chain'),
    'nft-object': sort('network', 'object', 'nftables object'),
    'xtables-rule': sort('network', 'object', 'iptables rule'),
    'xtables-table': sort('network', 'object', 'iptables table'),
    'tc-qdisc': sort('network', 'object', 'queueing discipline'),
    'tc-qdisc-default': sort('network', 'object', 'default queueing discipline'),
    'tc-filter': sort('network', 'object', 'tc filter'),
    'tc-action': sort('network', 'object', 'tc action'),
    'tcp-congestion-default': sort('network', 'object', 'TCP default'),
    ipset: sort('network', 'object', 'IP set'),
    ipvs: sort('network', 'object', 'IPVS service'),
    'ipsec-state': sort('network', 'object', 'IPsec state'),
    'conntrack-helper': sort('network', 'object', 'conntrack helper'),
    'conntrack-user': sort('network', 'object', 'connection tracking'),
    'nf-logger': sort('network', 'object', 'netfilter logger'),
    'nf-object': sort('network', 'object', 'netfilter object'),
    'ovs-vport': sort('network', 'object', 'Open vSwitch port'),
    'text-search': sort('network', 'object', 'text search'),
    'bluetooth-adapter': sort('network', 'object', 'Bluetooth adapter'),
    route: sort('network', 'object', 'route'),
    netns: sort('network', 'object', 'network namespace'),
    netfilter: sort('network', 'object', 'netfilter object'),
    tc: sort('network', 'object', 'tc object'),
    'crypto-alg': sort('crypto', 'giver', 'algorithm'),
    'crypto-template': sort('crypto', 'giver', 'algorithm template'),
    'kernel-thread': sort('kernel', 'giver', 'kernel thread'),
    'deferred-work': sort('kernel', 'object', 'deferred work', 'deferred works'),
    'symbol-get': sort('kernel', 'object', 'symbol look-up'),
    'drm-client': sort('kernel', 'object', 'DRM client'),
    console: sort('kernel', 'object', 'console'),
    'trace-trigger': sort('kernel', 'object', 'trace trigger'),
    tracing: sort('kernel', 'object', 'trace event'),
    'bpf-prog': sort('kernel', 'object', 'BPF program'),
    'bpf-link': sort('kernel', 'object', 'BPF link'),
    livepatch: sort('kernel', 'object', 'live patch', 'live patches'),
    key: sort('kernel', 'object', 'key'),
    cgroup: sort('kernel', 'object', 'cgroup controller'),
    zswap: sort('kernel', 'object', 'zswap pool'),
    debugger: sort('kernel', 'object', 'kernel debugger'),
    'rpc-auth': sort('kernel', 'object', 'RPC security context'),
    'rpc-client': sort('kernel', 'object', 'RPC client'),
    'rpc-service': sort('kernel', 'object', 'RPC service'),
    rpc: sort('kernel', 'object', 'RPC user'),
    'nfs-lock': sort('kernel', 'object', 'NFS lock'),
    'configfs-item': sort('kernel', 'object', 'configfs item'),
    'usb-gadget': sort('device', 'object', 'USB gadget'),
    'media-subdev': sort('device', 'object', 'media device'),
    'module-link': sort('module', 'object', 'module'),
    loader: sort('loader', 'object', 'loader'),
    unknown: sort('unknown', 'taker', 'reference'),
  }),
);

/** How holders of a kind of reference are told of. */
export function holderSort(kind: string): HolderSort {
  return sorts.get(kind) ?? device;
}

/** A block device or SCSI device that its opener closes again was that process's own open file. */
const closedByOpener = new Set(['block-open', 'scsi-device', 'mtd-device']);

/** Whether a put by the process that took a reference of this kind most likely gives that very one back. */
export function isClosedByTaker(kind: string): boolean {
  return holderSort(kind).belongsTo !== 'object' || closedByOpener.has(kind);
}
