import type { SuperblockFact } from '../../../snapshot/system-snapshot.ts';
import type { SnapshotIndex } from '../index-snapshot.ts';
import { wordProcess } from '../name-process.ts';
import { quoteShell } from '../quote-shell.ts';
import { type Count, type Found, keyOf, type ReferenceRule } from '../reference-rule.ts';
import { listSwaps } from './list-swaps.ts';
import { ownMountsOf, waysToUnmount } from './ways-to-unmount.ts';

const standingId = 'standing';
const mountId = 'filesystem-mount';
const swapId = 'swap-file';

/** The key of a mounted filesystem, by its device number. */
export function mountKey(filesystem: string): string {
  return keyOf({ id: mountId }, filesystem);
}

/** Types whose module has another name. */
const typeModules: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ext2: 'ext4',
    ext3: 'ext4',
    fuseblk: 'fuse',
    fusectl: 'fuse',
    rpc_pipefs: 'sunrpc',
    nfs4: 'nfs',
    smb3: 'cifs',
    iso9660: 'isofs',
    autofs: 'autofs4',
    '9p': '9p',
    ecryptfs: 'ecryptfs',
    nfsd: 'nfsd',
    functionfs: 'usb_f_fs',
    ocfs2_dlmfs: 'ocfs2_dlmfs',
    hgfs: 'vmhgfs',
    'fuse.gvfsd-fuse': 'fuse',
  }),
);

/** The loaded module of a filesystem type; a type's part behind the dot is the daemon's business. */
function moduleOfType(index: SnapshotIndex, type: string): string | undefined {
  const base = type.split('.', 1)[0]!;
  // Where a module has the type's own name, such as ext2, the one that may serve it too does not.
  const own = index.module(base) ?? index.alias(`fs-${base}`);
  const other = index.module(typeModules.get(base));
  if (own !== undefined || other === undefined) return own;
  // Of a type that no installed module has for its own the code is built in, even where one is loaded that could have it.
  return index.matching(/\/lib\/modules\/.*\/modules\.alias/).length > 0 ? undefined : other;
}

/** Filesystems that do UTF-8 themselves, and from which version on. Source: exfat_fill_super, ntfs_load_nls, isofs_fill_super, udf_fill_super. */
const ownUnicode: ReadonlyMap<string, readonly [number, number]> = new Map(
  Object.entries({ exfat: [5, 7], ntfs3: [5, 15], iso9660: [5, 15], udf: [5, 15] } as const),
);

/** Whether a filesystem reads names by a table of characters that a module has. */
function needsTable(index: SnapshotIndex, type: string, characters: string): boolean {
  const since = characters === 'utf8' ? ownUnicode.get(type) : undefined;
  return since === undefined || !index.kernelAtLeast(...since);
}

/** A module for each character set, quota format and transport that the options name. */
function countOptions(index: SnapshotIndex, { type, options }: SuperblockFact): Count[] {
  const counts: Count[] = [];
  const add = (name: string) => {
    const module = index.module(name);
    if (module !== undefined) counts.push({ module, references: 1, confidence: 'high' });
  };
  for (const option of options.split(',')) {
    const [key, value] = option.split('=', 2) as [string, string?];
    if (value === undefined) continue;
    if ((key === 'iocharset' || key === 'nls') && needsTable(index, type, value)) add(`nls_${value}`);
    if (key === 'codepage') add(`nls_${value.startsWith('cp') ? value : `cp${value}`}`);
    if (key === 'trans' && type === '9p')
      add(value === 'fd' || value === 'tcp' || value === 'unix' ? '9pnet_fd' : `9pnet_${value}`);
    // The option only names the format: it counts for users, and for groups, once quotas are turned on (dquot_load_quota_sb).
    const format = key === 'jqfmt' ? index.module(value === 'vfsold' ? 'quota_v1' : 'quota_v2') : undefined;
    if (format !== undefined) counts.push({ module: format, references: 0, more: 2, confidence: 'medium' });
  }
  return counts;
}

/** Options of a filesystem that is mounted nowhere show nowhere: any character set that is loaded may be of it. */
function countLostOptions(index: SnapshotIndex, { type }: SuperblockFact): Count[] {
  if (!/^(vfat|msdos|exfat|ntfs|isofs|iso9660|udf|hfs|cifs)/.test(type)) return [];
  const sets = [...index.modules.keys()].filter((name) => name.startsWith('nls_'));
  return sets.map((module) => ({ module, references: 0, more: 1, confidence: 'medium' }));
}

/**
 * What lies on each filesystem and must go first, by its device number: filesystems mounted below it or made of its
 * folders, loop devices of its files. Made once, for there may be ten thousand mounts.
 */
function findResting(index: SnapshotIndex): ReadonlyMap<string, readonly string[]> {
  const { snapshot } = index;
  const mounted = new Map<string, string>();
  for (const { filesystem, mountPoints } of snapshot.superblocks)
    for (const { path } of mountPoints) if (path !== '/') mounted.set(path, filesystem);
  const resting = new Map<string, string[]>();
  const add = (filesystem: string, key: string) => {
    const keys = resting.get(filesystem);
    if (keys === undefined) resting.set(filesystem, [key]);
    else if (keys.at(-1) !== key) keys.push(key);
  };
  /** The nearest mount above a path holds it; those above that one hold the mount itself. */
  const rest = (path: string, key: string, own: string | undefined, itself: boolean) => {
    for (let at = itself ? path : parentOf(path); at !== ''; at = parentOf(at)) {
      const filesystem = mounted.get(at);
      if (filesystem === undefined || filesystem === own) continue;
      add(filesystem, key);
      return;
    }
  };
  const byId = new Map<number, string>();
  for (const { filesystem, mountPoints } of snapshot.superblocks)
    for (const { id } of mountPoints) if (id !== undefined) byId.set(id, filesystem);
  for (const { filesystem, mountPoints, options } of snapshot.superblocks) {
    for (const { path, parent } of mountPoints) {
      const below = parent === undefined ? undefined : byId.get(parent);
      if (below === undefined) rest(path, mountKey(filesystem), filesystem, false);
      else if (below !== filesystem) add(below, mountKey(filesystem));
    }
    for (const [, folders] of options.matchAll(/(?:^|,)(?:lowerdir|upperdir|workdir)=([^,]*)/g))
      for (const folder of folders!.split(':')) rest(folder, mountKey(filesystem), filesystem, true);
  }
  for (const { name, backingFile } of snapshot.blockDevices)
    if (backingFile !== undefined) rest(backingFile, keyOf({ id: 'loop-device' }, name), undefined, false);
  for (const { path } of listSwaps(index).filter(({ type }) => type === 'file'))
    rest(path, keyOf({ id: swapId }, path), undefined, false);
  return resting;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function* findMounts(index: SnapshotIndex): Generator<Found> {
  const resting = findResting(index);
  const places = new Map<string, Set<string>>();
  for (const { filesystem, mountPoints } of index.snapshot.superblocks)
    for (const { path, namespace } of mountPoints) {
      const place = `${namespace} ${path}`;
      places.set(place, (places.get(place) ?? new Set()).add(filesystem));
    }
  const isStacked = ({ mountPoints }: SuperblockFact) =>
    mountPoints.some(({ path, namespace }) => (places.get(`${namespace} ${path}`)?.size ?? 0) > 1);
  for (const superblock of index.snapshot.superblocks) {
    const { filesystem, type, source, mountPoints, standing } = superblock;
    const module = moduleOfType(index, type);
    const place = mountPoints[0]?.path;
    const pids = [...new Set(standing.map(({ pid }) => pid))];
    // A second namespace has mounts of its own of the same superblock, which umount here does not reach.
    const own = ownMountsOf(index, superblock);
    const elsewhere = mountPoints.filter((mount) => !own.includes(mount) && mount !== mountPoints[0]);
    const isRoot = own.some(({ path }) => path === '/');
    const lives = place === undefined ? 'is mounted nowhere and still in use' : `is mounted on ${place}`;
    yield {
      thing: filesystem,
      name: place ?? `${type} that was unmounted lazily`,
      object: `${place ?? source} (${type})`,
      pids: place === undefined ? pids : [],
      counts: [
        ...(module === undefined
          ? []
          : [{ module, references: 1, confidence: place === undefined ? ('medium' as const) : ('certain' as const) }]),
        ...(place === undefined ? countLostOptions(index, superblock) : countOptions(index, superblock)),
      ],
      evidence: [
        `${source} (${filesystem}, ${type}) ${lives}${elsewhere.length === 0 ? '' : `, and in another mount namespace on ${elsewhere[0]!.path} (${wordProcess(index.snapshot, elsewhere[0]!.pid)})`}`,
      ],
      after: [
        ...(resting.get(filesystem) ?? []),
        ...(standing.length > 0 && !isRoot && type !== 'autofs' ? [keyOf({ id: standingId }, filesystem)] : []),
      ],
      // Mounted nowhere it ends with those who stand on it.
      ...(isRoot ? { stays: 'It is the root of the system, which runs from it.' } : {}),
      ways: place === undefined || isRoot ? [] : waysToUnmount(index, superblock, isStacked(superblock)),
    };
  }
}

/** STANDING_TOLD of the helper: who else stands on a filesystem is only counted. */
const MOST_STANDING = 64;

/** What keeps a mount busy counts on no module itself; it must go before the mount can. */
function* findStanding(index: SnapshotIndex): Generator<Found> {
  for (const { filesystem, type, mountPoints, standing, standingCount } of index.snapshot.superblocks) {
    // An automount is the business of systemd, which stands on it.
    if (standing.length === 0 || type === 'autofs') continue;
    const place = mountPoints[0]?.path ?? `the unmounted ${type}`;
    const pids = [...new Set(standing.map(({ pid }) => pid))];
    yield {
      thing: filesystem,
      name: index.process(pids[0] ?? -1)?.comm ?? '',
      object: place,
      pids,
      counts: [],
      evidence: standing
        .slice(0, 8)
        .map(({ pid, how, link }) => `${wordProcess(index.snapshot, pid)} has ${link} as its ${how}`)
        .concat(standingCount > 8 ? [`and ${standingCount - 8} more`] : []),
      // Of one process three are told at most, so fewer than all of them need not be fewer processes.
      isPart: standing.length >= MOST_STANDING && standingCount > standing.length,
    };
  }
}

/** A file that the kernel swaps to counts on no module itself; its filesystem is busy until it is given up. */
function* findSwapFiles(index: SnapshotIndex): Generator<Found> {
  for (const { path, type } of listSwaps(index)) {
    if (type !== 'file') continue;
    yield {
      thing: path,
      name: path,
      object: path,
      pids: [],
      counts: [],
      evidence: [`/proc/swaps lists ${path}`],
      ways: [
        {
          title: `Stop swapping to ${path}`,
          command: `swapoff ${quoteShell(path)}`,
          consequence: 'what is swapped out must fit into memory',
        },
      ],
    };
  }
}

/** NFS and SMB: what a mount takes beside its superblock. */
function* findServers(index: SnapshotIndex): Generator<Found> {
  for (const line of index.lines('/proc/fs/nfsfs/servers').slice(1)) {
    const [version, server] = line.trim().split(/\s+/);
    const module = index.module(`nfs${version}`);
    if (module === undefined || !/^v\d$/.test(version ?? '')) continue;
    yield {
      thing: `nfs ${version} ${server}`,
      name: line.trim().split(/\s+/).at(-1) ?? '',
      object: `NFS ${version}`,
      pids: [],
      counts: [{ module, references: 1, confidence: 'high' }],
      evidence: [`/proc/fs/nfsfs/servers: ${line.trim()}`],
      after: index.snapshot.superblocks
        .filter(({ type }) => /^nfs4?$/.test(type))
        .map(({ filesystem }) => mountKey(filesystem)),
      ways: [],
    };
  }
  const cifs = index.module('cifs');
  if (cifs === undefined) return;
  for (const [, number, host] of (index.text('/proc/fs/cifs/DebugData') ?? '').matchAll(
    /^\s*(\d+)\) (?:ConnectionId: \S+ )?(?:Name: |Hostname: )(\S+)/gm,
  )) {
    yield {
      thing: `cifs ${number}`,
      name: host!,
      object: 'SMB connection',
      pids: [],
      counts: [{ module: cifs, references: 1, confidence: 'medium' }],
      evidence: [`/proc/fs/cifs/DebugData names a connection to ${host}`],
      after: index.snapshot.superblocks
        .filter(({ type }) => /^(cifs|smb3)$/.test(type))
        .map(({ filesystem }) => mountKey(filesystem)),
      ways: [],
    };
  }
}

/** Pseudo filesystems that modules keep for themselves: they show in no mountinfo. */
function* findInternal(index: SnapshotIndex): Generator<Found> {
  const { snapshot } = index;
  const drm = index.module('drm');
  const cards = [
    ...index.lines('/sys/class/drm').filter((name) => /^(card|renderD|accel)\d+$/.test(name)),
    ...index
      .matching(/\/sys\/class\/graphics\/fb\d+\/name/)
      .flatMap(({ text }) => /\S+drm(?:fb)?$/.exec(text.trim()) ?? []),
    ...[...snapshot.devices.values()].filter(({ subsystem }) => subsystem === 'drm').map(({ name }) => name ?? ''),
  ];
  if (drm !== undefined && cards.length > 0) {
    yield {
      thing: 'drm',
      name: 'drm',
      object: 'internal DRM filesystem',
      noun: 'DRM filesystem',
      pids: [],
      counts: [{ module: drm, references: 1, confidence: 'high' }],
      evidence: [`there is a DRM device (${cards[0]}), and the first of them mounts it`],
      endsWith: [...(index.modules.get(drm)?.holders ?? [])],
      ways: [],
    };
  }
  const vfio = index.kernelAtLeast(6, 11) ? index.module('vfio') : undefined;
  const [given] = index
    .matching(/\/sys\/bus\/pci\/drivers\/[^/]*vfio[-_]pci/)
    .flatMap(({ text }) => text.match(/^[\da-f]+:.*/m) ?? []);
  if (vfio !== undefined && given !== undefined) {
    yield {
      thing: 'vfio',
      name: 'vfio',
      object: 'internal VFIO filesystem',
      noun: 'VFIO filesystem',
      pids: [],
      counts: [{ module: vfio, references: 1, confidence: 'high' }],
      evidence: [`${given} is a VFIO device, and the first of them mounts it (vfio_fs_inode_new)`],
      endsWith: [...(index.modules.get(vfio)?.holders ?? [])],
      ways: [],
    };
  }
  const configfs = index.module('configfs');
  const users = (configfs === undefined ? [] : (index.modules.get(configfs)?.holders ?? [])).filter((name) =>
    /^(libcomposite|null_blk|target_core_mod|netconsole|nvmet|industrialio_configfs|usb_gadget|gpio_sim|pci_endpoint|vkms|dlm|ocfs2_nodemanager|stp_policy|spi_?|acpi_configfs|nfit_test)/.test(
      name,
    ),
  );
  if (configfs !== undefined && users.length > 0 && !snapshot.superblocks.some(({ type }) => type === 'configfs')) {
    yield {
      thing: 'configfs',
      name: users[0]!,
      object: 'internal configfs filesystem',
      noun: 'configfs filesystem',
      pids: [],
      counts: [{ module: configfs, references: 1, confidence: 'high' }],
      evidence: [`configfs is mounted nowhere, and ${users.join(', ')} registered a subsystem in it`],
      endsWith: users,
      ways: [],
    };
  }
}

/** Mounted filesystems: one reference for each superblock, however often it is mounted. */
export const superblockRules: readonly ReferenceRule[] = [
  {
    id: mountId,
    kind: 'filesystem-mount',
    meaning:
      'A filesystem of this module is mounted; each one keeps the module loaded until it is unmounted everywhere.',
    release: 'Unmount it, after what stands on it is gone.',
    source: 'get_filesystem in sget_fc',
    stage: 2,
    find: findMounts,
  },
  {
    id: standingId,
    kind: 'process-fd',
    meaning: 'It keeps the filesystem busy.',
    release: 'Let it leave the filesystem.',
    source: 'mntget',
    stage: 0,
    find: findStanding,
  },
  {
    id: swapId,
    kind: 'filesystem-mount',
    noun: 'swap file',
    meaning: 'The kernel swaps to a file of the filesystem, and keeps it busy.',
    release: 'Stop swapping to it.',
    source: 'claim_swapfile',
    stage: 2,
    find: findSwapFiles,
  },
  {
    id: 'mount-server',
    kind: 'nfs-mount',
    noun: 'connection to a file server',
    plural: 'connections to a file server',
    meaning: 'Mounts from a file server share a connection, which holds the protocol’s module.',
    release: 'Unmount what comes from that server.',
    source: 'get_nfs_version, cifs_get_tcp_session',
    stage: 2,
    find: findServers,
  },
  {
    id: 'internal-filesystem',
    kind: 'filesystem-mount',
    noun: 'internal filesystem',
    meaning: 'A module keeps a filesystem of this one for itself, which nobody sees mounted.',
    release: 'Unload the modules that use it.',
    source: 'simple_pin_fs',
    stage: 5,
    find: findInternal,
  },
];
