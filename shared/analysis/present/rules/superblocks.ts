import type { SuperblockFact } from '../../../snapshot/system-snapshot.ts';
import type { SnapshotIndex } from '../index-snapshot.ts';
import { wordProcess } from '../name-process.ts';
import type { ReleaseWay } from '../present-accounting.ts';
import { quoteShell } from '../quote-shell.ts';
import { type Count, type Found, keyOf, type ReferenceRule } from '../reference-rule.ts';

const standingId = 'standing';
const mountId = 'filesystem-mount';

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
export function moduleOfType(index: SnapshotIndex, type: string): string | undefined {
  const base = type.split('.', 1)[0]!;
  return index.module(typeModules.get(base)) ?? index.module(base) ?? index.alias(`fs-${base}`);
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
    if (key === 'iocharset' || key === 'nls') add(`nls_${value}`);
    if (key === 'codepage') add(`nls_${value.startsWith('cp') ? value : `cp${value}`}`);
    if (key === 'trans' && type === '9p')
      add(value === 'fd' || value === 'tcp' || value === 'unix' ? '9pnet_fd' : `9pnet_${value}`);
    if (key === 'jqfmt') add(value === 'vfsold' ? 'quota_v1' : 'quota_v2');
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
function findResting({ snapshot }: SnapshotIndex): ReadonlyMap<string, readonly string[]> {
  const mounted = new Map<string, string>();
  for (const { filesystem, mountPoints } of snapshot.superblocks)
    for (const { path } of mountPoints) if (path !== '/') mounted.set(path, filesystem);
  const resting = new Map<string, string[]>();
  /** The nearest mount above a path holds it; those above that one hold the mount itself. */
  const rest = (path: string, key: string, own: string | undefined, itself: boolean) => {
    for (let at = itself ? path : parentOf(path); at !== ''; at = parentOf(at)) {
      const filesystem = mounted.get(at);
      if (filesystem === undefined || filesystem === own) continue;
      const keys = resting.get(filesystem);
      if (keys === undefined) resting.set(filesystem, [key]);
      else if (keys.at(-1) !== key) keys.push(key);
      return;
    }
  };
  for (const { filesystem, mountPoints, options } of snapshot.superblocks) {
    for (const { path } of mountPoints) rest(path, mountKey(filesystem), filesystem, false);
    for (const [, folders] of options.matchAll(/(?:^|,)(?:lowerdir|upperdir|workdir)=([^,]*)/g))
      for (const folder of folders!.split(':')) rest(folder, mountKey(filesystem), filesystem, true);
  }
  for (const { name, backingFile } of snapshot.blockDevices)
    if (backingFile !== undefined) rest(backingFile, keyOf({ id: 'loop-device' }, name), undefined, false);
  return resting;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function waysToUnmount(superblock: SuperblockFact): ReleaseWay[] {
  const { mountPoints, type } = superblock;
  const own = mountPoints.filter(({ namespace }) => namespace === mountPoints[0]?.namespace);
  if (own.length === 0) return [];
  const paths = own.map(({ path }) => path);
  if (paths.includes('/'))
    return [{ title: 'Nothing: it is the root of the system', command: undefined, consequence: '' }];
  if (type === 'autofs')
    return paths.map((path) => ({
      title: `Stop the automount at ${path}`,
      command: `systemctl stop ${quoteShell(automountUnit(path))}`,
      consequence: 'it is no longer mounted on first use',
    }));
  // The last mounted lies on top.
  const commands = paths.toReversed().map((path) => `umount ${quoteShell(path)}`);
  return [
    {
      title: `Unmount ${paths.join(', ')}`,
      command: commands.join(' && '),
      consequence: superblock.standingCount > 0 ? 'fails while anything on it is in use' : '',
    },
  ];
}

/** As `systemd-escape --path --suffix=automount` writes it. */
function automountUnit(path: string): string {
  const escaped = path
    .replace(/^\/+|\/+$/g, '')
    .replace(/[^A-Za-z0-9:_./]/g, (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .replaceAll('/', '-');
  return `${escaped === '' ? '-' : escaped}.automount`;
}

function* findMounts(index: SnapshotIndex): Generator<Found> {
  const resting = findResting(index);
  for (const superblock of index.snapshot.superblocks) {
    const { filesystem, type, source, mountPoints, standing } = superblock;
    const module = moduleOfType(index, type);
    const place = mountPoints[0]?.path;
    const pids = [...new Set(standing.map(({ pid }) => pid))];
    // A second namespace has mounts of its own of the same superblock, which umount here does not reach.
    const elsewhere = mountPoints.filter(({ namespace }) => namespace !== mountPoints[0]?.namespace);
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
        ...(standing.length > 0 && place !== '/' ? [keyOf({ id: standingId }, filesystem)] : []),
      ],
      // Mounted nowhere it ends with those who stand on it.
      ways: place === undefined ? [] : waysToUnmount(superblock),
    };
  }
}

/** What keeps a mount busy counts on no module itself; it must go before the mount can. */
function* findStanding(index: SnapshotIndex): Generator<Found> {
  for (const { filesystem, type, mountPoints, standing, standingCount } of index.snapshot.superblocks) {
    if (standing.length === 0) continue;
    const place = mountPoints[0]?.path ?? `the unmounted ${type}`;
    // Those that stay in another root, or only on / itself, are no obstacle that could be ended.
    if (place === '/') continue;
    const pids = [...new Set(standing.map(({ pid }) => pid))].filter((pid) => pid > 1);
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
    ...(index.text('/sys/class/drm/') ?? '').split(/[/\n]/).filter((name) => /^(card|renderD|accel)\d+$/.test(name)),
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
