import type {
  BlockDevice,
  DeviceFact,
  LoadedModule,
  NetworkFact,
  OpenFile,
  PacketRule,
  ProcessFact,
  SocketFact,
  SuperblockFact,
  SystemSnapshot,
} from '../../shared/snapshot/system-snapshot.ts';

/** A line of lsmod: `drm 4 drm_kms_helper,vkms`. */
export function loaded(line: string, facts: Partial<LoadedModule> = {}): LoadedModule {
  const [name, refcount, holders] = line.split(' ');
  return {
    name: name!,
    size: 16384,
    refcount: Number(refcount),
    refcountAfter: Number(refcount),
    state: 'live',
    permanent: false,
    taints: '',
    holders: holders === undefined ? [] : holders.split(','),
    drivers: [],
    ...facts,
  };
}

/** A process: `545 systemd-logind`, in a cgroup of cgroup v2. */
export function running(line: string, cgroup = '/', facts: Partial<ProcessFact> = {}): ProcessFact {
  const [pid, comm] = line.split(' ');
  return {
    pid: Number(pid),
    parent: 1,
    comm: comm!,
    executable: `/usr/bin/${comm}`,
    user: 0,
    startTicks: 100 + Number(pid),
    kernelThread: false,
    cgroups: [`0::${cgroup}`],
    namespaces: { mnt: 1, net: 2, pid: 3, user: 4 },
    inspected: true,
    threads: [],
    ...facts,
  };
}

/** A character device: `c226:0 drm dri/card0`. */
export function device(line: string, facts: Partial<DeviceFact> = {}): DeviceFact {
  const [key, subsystem, name] = line.split(' ');
  return {
    key: key!,
    path: undefined,
    subsystem: subsystem === '-' ? undefined : subsystem,
    name,
    driverModule: undefined,
    registered: undefined,
    ...facts,
  };
}

let inodes = 1000;

/** An open file: `545/7 c226:0 /dev/dri/card0`; several descriptors with commas share it. */
export function opened(line: string, facts: Partial<OpenFile> = {}): OpenFile {
  const [descriptors, key, ...link] = line.split(' ');
  return {
    link: link.join(' '),
    type: key === '-' ? 'anonymous' : key!.startsWith('b') ? 'block' : 'char',
    device: key === '-' ? undefined : key,
    filesystem: '0:5',
    inode: inodes++,
    flags: 0o2,
    info: new Map(),
    descriptors: descriptors!.split(',').map((one) => {
      const [pid, fd] = one.split('/');
      return { pid: Number(pid), fd: Number(fd) };
    }),
    compared: true,
    ...facts,
  };
}

/** A socket: `700/3 CAN_RAW`, or `700/3 netlink:12`. */
export function socket(line: string, facts: Partial<SocketFact> = {}): SocketFact {
  const [descriptor, protocol] = line.split(' ');
  const [pid, fd] = descriptor!.split('/');
  const netlink = /^netlink:(\d+)$/.exec(protocol!)?.[1];
  return {
    inode: inodes++,
    protocol: netlink === undefined ? protocol : 'NETLINK',
    netlinkProtocol: netlink === undefined ? undefined : Number(netlink),
    about: '',
    descriptors: [{ pid: Number(pid), fd: Number(fd) }],
    networkNamespace: 2,
    ...facts,
  };
}

/** A mount: `7:0 ext4 /dev/loop0 /mnt`. */
export function mounted(line: string, facts: Partial<SuperblockFact> = {}): SuperblockFact {
  const [filesystem, type, source, path] = line.split(' ');
  return {
    filesystem: filesystem!,
    type: type!,
    source: source!,
    options: 'rw',
    mountPoints: path === undefined ? [] : [{ path, namespace: 1, pid: 1 }],
    standing: [],
    standingCount: 0,
    ...facts,
  };
}

/** A disk: `loop0 7:0`. */
export function disk(line: string, facts: Partial<BlockDevice> = {}): BlockDevice {
  const [name, number] = line.split(' ');
  return {
    name: name!,
    device: number!,
    partitions: [],
    holders: [],
    slaves: [],
    driverModule: undefined,
    hostModule: undefined,
    driverModules: [],
    backingFile: undefined,
    scheduler: undefined,
    mapperName: undefined,
    mapperUuid: undefined,
    raidLevel: undefined,
    swap: false,
    ...facts,
  };
}

/** The packet filter and traffic control of the own network, or of a process in another. */
export function network(facts: Partial<NetworkFact>): NetworkFact {
  return {
    namespace: 2,
    pid: undefined,
    queues: [],
    filters: [],
    actions: [],
    chains: [],
    rules: [],
    objects: [],
    flowtables: [],
    sets: [],
    ...facts,
  };
}

/** A rule of nftables: `ip filter INPUT 7 ct,cmp,match:set`. */
export function packetRule(line: string): PacketRule {
  const [family, table, chain, handle, list] = line.split(' ');
  const expressions = list!.split(',').map((one) => {
    const [name, extension = ''] = one.split(':');
    return { name: name!, extension };
  });
  return { family: family!, table: table!, chain: chain!, handle: handle!, expressions };
}

/** What a story tells of, on a system with systemd where root looks; the rest is empty. */
export function makeSnapshot(
  parts: Partial<Omit<SystemSnapshot, 'processes' | 'devices' | 'texts'>> & {
    readonly processes?: readonly ProcessFact[];
    readonly devices?: readonly DeviceFact[];
    readonly texts?: Readonly<Record<string, string>>;
  },
): SystemSnapshot {
  const { processes = [], devices = [], texts = {}, ...rest } = parts;
  const all = [running('1 systemd', '/init.scope'), ...processes];
  return {
    began: 1_000_000_000n,
    ended: 1_100_000_000n,
    kernel: '6.1.0-56-amd64',
    asRoot: true,
    modules: [],
    openFiles: [],
    mappings: [],
    superblocks: [],
    sockets: [],
    networks: [],
    blockDevices: [],
    unseen: [],
    ...rest,
    processes: new Map(all.map((one) => [one.pid, one])),
    devices: new Map(devices.map((one) => [one.key, one])),
    texts: new Map(Object.entries(texts)),
  };
}
