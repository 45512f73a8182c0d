import type { Refcount } from '../units.ts';

/** What /proc and /sys say at one moment, read by the helper as root or as an ordinary user. Facts only: what they mean is decided in `shared/analysis`. */
export interface SystemSnapshot {
  /** CLOCK_MONOTONIC before the first and after the last file was read, in nanoseconds: the trace clock `mono`. */
  readonly began: bigint;
  readonly ended: bigint;
  /** `uname -r`. */
  readonly kernel: string;
  /** Whether root looked: else other users' processes could not be inspected. */
  readonly asRoot: boolean;
  /** The process that asked for the look, or what made it root for that; undefined where that is not told. */
  readonly asker?: number | undefined;
  readonly modules: readonly LoadedModule[];
  /** By pid of the process (thread group leader). */
  readonly processes: ReadonlyMap<number, ProcessFact>;
  readonly openFiles: readonly OpenFile[];
  readonly mappings: readonly DeviceMapping[];
  /** One for each superblock that some mount namespace shows, or that a process still stands on. */
  readonly superblocks: readonly SuperblockFact[];
  readonly sockets: readonly SocketFact[];
  /** Network namespaces whose packet filter and traffic control could be asked for; none where nothing of theirs is in use. */
  readonly networks: readonly NetworkFact[];
  readonly blockDevices: readonly BlockDevice[];
  /** Devices of character and block nodes that open files or mappings name, by `c10:200`, `b8:0`. */
  readonly devices: ReadonlyMap<string, DeviceFact>;
  /**
   * Every other file that was read, by its absolute path: `/proc/crypto`, `/sys/class/vtconsole/vtcon1/bind`,
   * `/proc/asound/modules` … A directory's text is its entries, a link's text its target, one a line; the output of a tool stands under
   * its command line (`nft -j list ruleset`).
   */
  readonly texts: ReadonlyMap<string, string>;
  /** What could not be looked at. */
  readonly unseen: readonly Unseen[];
}

/** A line of /proc/modules and its directory in /sys/module. */
export interface LoadedModule {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** As lsmod prints it; undefined where the kernel cannot unload modules, −1 while it goes. */
  readonly refcount: Refcount | undefined;
  /** Its refcount when the scan ended; another one means that the reading raced with the system. Undefined when it was gone. */
  readonly refcountAfter: Refcount | undefined;
  readonly state: 'live' | 'coming' | 'going';
  /** It has an init function but no exit function: it cannot be removed. */
  readonly permanent: boolean;
  /** Taint letters, empty for none. */
  readonly taints: string;
  /** The modules that link to it. */
  readonly holders: readonly string[];
  /** `pci:ahci`: drivers that it registered. Bound devices do not count. */
  readonly drivers: readonly string[];
}

/** A process, as far as it could be looked at. */
export interface ProcessFact {
  readonly pid: number;
  readonly parent: number;
  readonly comm: string;
  /** Target of /proc/PID/exe; undefined for kernel threads and where it is forbidden. */
  readonly executable: string | undefined;
  readonly user: number;
  /** As this system calls that user; undefined where it has no name for it. */
  readonly userName?: string | undefined;
  /** In ticks of 1/100 s since boot: a pid that came back has another. */
  readonly startTicks: number;
  readonly kernelThread: boolean;
  /** Lines of /proc/PID/cgroup. */
  readonly cgroups: readonly string[];
  /** Inode numbers of its namespaces, to be compared with those of process 1; undefined where forbidden. */
  readonly namespaces:
    | { readonly mnt: number; readonly net: number; readonly pid: number; readonly user: number }
    | undefined;
  /** Its open files could be listed. */
  readonly inspected: boolean;
  /** Its own threads; the leader is not among them. */
  readonly threads: readonly number[];
}

/**
 * One open file of the kernel (a `struct file`), however many descriptors share it. Only what may matter to a module: device nodes, anonymous
 * files, files on debugfs, configfs and proc, and regular files only as `SuperblockFact.standing`.
 */
export interface OpenFile {
  /** `/dev/dri/card0`, `anon_inode:kvm-vm`, `/dmabuf:`: the text of the link in /proc/PID/fd. */
  readonly link: string;
  readonly type: 'char' | 'block' | 'anonymous' | 'regular' | 'directory' | 'fifo' | 'other';
  /** Key into `devices`; undefined for what is no device. */
  readonly device: string | undefined;
  /** `major:minor` of the filesystem and inode number. */
  readonly filesystem: string;
  readonly inode: number;
  /** Of /proc/PID/fdinfo, `flags:`; O_PATH opens nothing. */
  readonly flags: number;
  /** Other lines of fdinfo that say something (`drm-driver`, `prog_id`, `exp_name`, `eventfd…`), by key. */
  readonly info: ReadonlyMap<string, string>;
  /** Who has it, and under which descriptors. */
  readonly descriptors: readonly { readonly pid: number; readonly fd: number }[];
  /** Whether kcmp(2) told that these descriptors share one open file and no other does; else there may be as many open files as descriptors. */
  readonly compared: boolean;
}

/** Memory that a process maps of a device: keeps the file open after its descriptor was closed. */
export interface DeviceMapping {
  readonly pid: number;
  readonly link: string;
  readonly device: string | undefined;
  readonly filesystem: string;
  readonly inode: number;
}

/** A mounted filesystem: a superblock is one reference however often it is mounted. */
export interface SuperblockFact {
  /** `major:minor` of the filesystem. */
  readonly filesystem: string;
  /** Empty for one that is mounted nowhere and did not say what it is. */
  readonly type: string;
  readonly source: string;
  readonly options: string;
  /** Where it is mounted, in the namespace of process 1 first; empty when only processes stand on it (umount -l). */
  readonly mountPoints: readonly {
    readonly path: string;
    readonly namespace: number /** A process of that namespace. */;
    readonly pid: number;
    /** Number of the mount, and of the one that it lies on. */
    readonly id?: number;
    readonly parent?: number;
    /** Peer groups: mounts of one go together, and those whose master it is with them. Source: mount_namespaces(7). */
    readonly shared?: number;
    readonly master?: number;
  }[];
  /** Who has a file or a directory of it open, works in it, runs from it: what keeps it busy. Bounded; `standingCount` is how many there are. */
  readonly standing: readonly {
    readonly pid: number;
    readonly how: 'fd' | 'cwd' | 'root' | 'exe' | 'map';
    readonly link: string;
  }[];
  readonly standingCount: number;
}

/** An open socket. */
export interface SocketFact {
  readonly inode: number;
  /** `system.sockprotoname` of the descriptor: `ALG`, `CAN_RAW`, `AF_VSOCK`, `SCTP`, `NETLINK`, `TCP` … Undefined where it could not be read. */
  readonly protocol: string | undefined;
  /** Protocol number of a netlink socket. */
  readonly netlinkProtocol: number | undefined;
  /** For people: local and remote address where /proc/net tells. */
  readonly about: string;
  readonly descriptors: readonly { readonly pid: number; readonly fd: number }[];
  readonly networkNamespace: number | undefined;
}

/** What the packet filter and traffic control of one network namespace consist of, as the kernel lists it. */
export interface NetworkFact {
  readonly namespace: number;
  /** A process in it; undefined for the namespace that commands are given in. */
  readonly pid: number | undefined;
  readonly queues: readonly QueueFact[];
  readonly filters: readonly FilterFact[];
  readonly actions: readonly ActionFact[];
  readonly chains: readonly PacketChain[];
  readonly rules: readonly PacketRule[];
  readonly objects: readonly PacketObject[];
  readonly flowtables: readonly Omit<PacketObject, 'type'>[];
  readonly sets: readonly AddressSet[];
}

/** A queueing discipline. */
export interface QueueFact {
  /** `fq_codel`. */
  readonly kind: string;
  readonly device: string;
  /** `1:`; `0:` for one that was made unasked. */
  readonly handle: string;
  readonly parent: string;
}

/** A classifier of one priority, with everything in it. */
export interface FilterFact {
  /** `u32`. */
  readonly kind: string;
  /** Empty where it is of a block that devices share. */
  readonly device: string;
  readonly block: number | undefined;
  /** `1:`, `ffff:fff2`: the queue or class that it hangs on. */
  readonly parent: string;
  readonly chain: number;
  readonly preference: number;
  /** Of Ethernet, in the order of the network. */
  readonly protocol: number;
  readonly actions: readonly ActionFact[];
  /** `u32`, `meta`: extended matches, as `tc-ematch(8)` names them. */
  readonly matches: readonly string[];
}

/** What a filter does, or may be told to do. */
export interface ActionFact {
  /** `gact`, `mirred`. */
  readonly kind: string;
  readonly index: number;
  /** Filters that it belongs to are bindings; what is more was made by itself. */
  readonly references: number;
  readonly bindings: number;
}

/** A chain of nf_tables. */
export interface PacketChain {
  /** `ip`, `inet`, as nft writes it. */
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** `filter`, `nat`; empty for a chain that only rules jump to. */
  readonly type: string;
}

/** A rule of nf_tables. */
export interface PacketRule {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly handle: string;
  /** As the kernel names them, in order; the name of the iptables extension in those of nft_compat. */
  readonly expressions: readonly { readonly name: string; readonly extension: string }[];
}

/** A named object of nf_tables. */
export interface PacketObject {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** NFT_OBJECT_… of linux/netfilter/nf_tables.h. */
  readonly type: number;
}

/** A set of ipset. */
export interface AddressSet {
  readonly name: string;
  /** `hash:ip,port`. */
  readonly type: string;
  /** Rules and sets that use it. */
  readonly references: number;
}

/** A directory of /sys/block. */
export interface BlockDevice {
  /** `sda`, `loop0`, `dm-1`. */
  readonly name: string;
  /** `8:0`. */
  readonly device: string;
  /** Partitions, with their device numbers. */
  readonly partitions: readonly { readonly name: string; readonly device: string }[];
  /** Names of the devices built on it, and of those that it is built on. */
  readonly holders: readonly string[];
  readonly slaves: readonly string[];
  /** Module of the driver above it, and of its SCSI host. */
  readonly driverModule: string | undefined;
  readonly hostModule: string | undefined;
  /** Modules of all drivers above it, the nearest first: without any of them it is gone. */
  readonly driverModules: readonly string[];
  /** `/sys/block/loopN/loop/backing_file`. */
  readonly backingFile: string | undefined;
  /** The scheduler in brackets. */
  readonly scheduler: string | undefined;
  /** device-mapper name and uuid; md level. */
  readonly mapperName: string | undefined;
  readonly mapperUuid: string | undefined;
  readonly raidLevel: string | undefined;
  readonly swap: boolean;
}

/** What /sys/dev/char|block/MAJ:MIN says of a device. */
export interface DeviceFact {
  /** `c226:0`. */
  readonly key: string;
  /** Directory in /sys/devices; undefined when there is none. */
  readonly path: string | undefined;
  /** `drm`, `sound`, `misc`, `tty`, `input`. */
  readonly subsystem: string | undefined;
  /** DEVNAME of its uevent. */
  readonly name: string | undefined;
  /** Module of the driver of the device above it. */
  readonly driverModule: string | undefined;
  /** Name of the major in /proc/devices, or of the minor in /proc/misc. */
  readonly registered: string | undefined;
}

export interface Unseen {
  /** `open files of 143 processes of other users`. */
  readonly what: string;
  readonly why: string;
  /** Number of things that could not be seen, where that can be told. */
  readonly count: number | undefined;
}
