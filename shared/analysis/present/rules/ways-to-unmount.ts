import type { SuperblockFact } from '../../../snapshot/system-snapshot.ts';
import type { SnapshotIndex } from '../index-snapshot.ts';
import { wordProcess } from '../name-process.ts';
import type { ReleaseWay } from '../present-accounting.ts';
import { encodeBytes, quoteOperand, quoteShell } from '../quote-shell.ts';

/** Mounts of one filesystem that a plan names one by one. */
const MOST_NAMED = 16;

type MountPoint = SuperblockFact['mountPoints'][number];

/** Those that umount in a terminal reaches: in the namespace of process 1, or in the first that could be seen. */
export function ownMountsOf(index: SnapshotIndex, { mountPoints }: SuperblockFact): readonly MountPoint[] {
  const own = index.process(1)?.namespaces?.mnt ?? mountPoints[0]?.namespace;
  return mountPoints.filter(({ namespace }) => namespace === own);
}

/**
 * Those of other namespaces that stay when the own ones go: what shares the group of an own mount goes with it, and
 * the root of a container goes with those who stand on it.
 *
 * Source: propagate_umount in fs/pnode.c; Documentation/filesystems/sharedsubtree.rst.
 */
function otherMountsOf(index: SnapshotIndex, superblock: SuperblockFact): readonly MountPoint[] {
  const own = ownMountsOf(index, superblock);
  const shared = new Set(own.map(({ shared }) => shared).filter((group) => group !== undefined));
  return superblock.mountPoints.filter(
    (mount) =>
      !own.includes(mount) &&
      mount.path !== '/' &&
      !(mount.shared !== undefined && shared.has(mount.shared)) &&
      !(mount.master !== undefined && shared.has(mount.master)),
  );
}

/** Places that more depends on than the programs that have files of them open. */
const places: Readonly<Record<string, string>> = {
  '/usr': 'no program of the system can be started any more',
  '/var': 'logs, mail and what services keep are out of reach',
  '/home': 'the folders of all users are out of reach',
  '/boot': 'no kernel can be installed until it is mounted again',
  '/boot/efi': 'no boot loader can be installed until it is mounted again',
  '/sys/firmware/efi/efivars': 'what to start from cannot be changed until it is mounted again',
};

/**
 * Through whom a mount namespace is entered: whoever stands on the filesystem is ended before. Where nobody else is in
 * there, it ends with them, and nothing is left to be unmounted.
 */
function findGuide({ snapshot }: SnapshotIndex, { standing }: SuperblockFact, { namespace, pid }: MountPoint) {
  const ended = new Set(standing.map((one) => one.pid));
  if (!ended.has(pid)) return pid;
  for (const { pid: other, namespaces } of snapshot.processes.values())
    if (namespaces?.mnt === namespace && !ended.has(other)) return other;
  return undefined;
}

/** Of systemd each has a unit; of the others a daemon keeps them all. */
function waysToStopAutomount({ source }: SuperblockFact, own: readonly MountPoint[]): ReleaseWay[] {
  const consequence = 'it is no longer mounted on first use';
  if (!source.startsWith('systemd'))
    return [{ title: 'Stop the automounter', command: 'systemctl stop autofs.service', consequence }];
  return own.map(({ path }) => ({
    title: `Stop the automount at ${path}`,
    command: `systemctl stop ${quoteOperand(automountUnit(path))}`,
    consequence,
  }));
}

/**
 * How to unmount a filesystem everywhere.
 *
 * @param stacked whether another one is mounted at the same place
 */
export function waysToUnmount(index: SnapshotIndex, superblock: SuperblockFact, stacked: boolean): ReleaseWay[] {
  const own = ownMountsOf(index, superblock);
  const elsewhere = otherMountsOf(index, superblock);
  if (own.length + elsewhere.length === 0) return [];
  const { type } = superblock;
  if (type === 'autofs' && own.length > 0) return waysToStopAutomount(superblock, own);
  const spaces = [...new Set(elsewhere.map(({ namespace }) => namespace))].map((space) =>
    elsewhere.filter(({ namespace }) => namespace === space),
  );
  const commands = [
    ...unmountAll(own, '', stacked),
    ...spaces.flatMap((mounts) => {
      const guide = findGuide(index, superblock, mounts[0]!);
      return guide === undefined ? [] : unmountAll(mounts, `nsenter -t ${guide} -m `, stacked);
    }),
  ];
  if (commands.length === 0) return [];
  const named = [
    ...nameSome(own, ({ path }) => path),
    ...nameSome(elsewhere, ({ path, pid }) => `${path} as ${wordProcess(index.snapshot, pid)} sees it`),
  ];
  const consequences = [
    superblock.standingCount > 0 ? 'fails while anything on it is in use' : '',
    elsewhere.length > 0 ? 'containers and services lose it too' : '',
    own.map(({ path }) => places[path] ?? '').find((text) => text !== '') ?? '',
  ];
  return [
    {
      // Of several on one place each is a step of its own.
      title: `Unmount ${named.join(', ')}${stacked ? ` (${superblock.source}, ${superblock.filesystem})` : ''}`,
      command: commands.join(' && '),
      consequence: consequences.filter((text) => text !== '').join('; '),
    },
  ];
}

/**
 * The last mounted lies on top, so it goes first. Of many umount(8) finds the rest by itself; but it takes a place for
 * the filesystem on top there.
 */
function unmountAll(mounts: readonly MountPoint[], prefix: string, stacked: boolean): string[] {
  if (mounts.length > MOST_NAMED && !stacked) return [`${prefix}umount -A ${quoteShell(mounts[0]!.path)}`];
  return mounts.toReversed().map(({ path }) => `${prefix}umount ${quoteShell(path)}`);
}

function nameSome(mounts: readonly MountPoint[], name: (mount: MountPoint) => string): string[] {
  if (mounts.length <= MOST_NAMED) return mounts.map(name);
  return [...mounts.slice(0, 1).map(name), `and ${mounts.length - 1} other places`];
}

/** As `systemd-escape --path --suffix=automount` writes it: bytes by their codes, and a dot in front too. */
function automountUnit(path: string): string {
  const escaped = path
    .replace(/^\/+|\/+$/g, '')
    .replace(/^\.|[^A-Za-z0-9:_./]/gu, encodeBytes)
    .replaceAll('/', '-');
  return `${escaped === '' ? '-' : escaped}.automount`;
}
