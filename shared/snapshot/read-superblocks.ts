import { decodeText } from '../trace-text/decode-bytes.ts';
import { groupFields, readNumber, splitFields, unescapeOctal } from './split-fields.ts';
import type { SuperblockFact } from './system-snapshot.ts';

export interface MountTexts {
  /** mountinfo of one process for each mount namespace, that of process 1 first where it could be seen. */
  readonly mounts: readonly { readonly namespace: number; readonly pid: number; readonly text: string }[];
  /** Fields of `:standing`, and the magic number of filesystems that are in no mountinfo; both by `major:minor`. */
  readonly standing: ReadonlyMap<string, string>;
  readonly magic: ReadonlyMap<string, string>;
}

type Writable = { -readonly [Key in keyof SuperblockFact]: SuperblockFact[Key] } & {
  mountPoints: SuperblockFact['mountPoints'][number][];
};

/** Nobody unmounts more by hand; a superblock is one reference however many there are. */
const maxMountPoints = 256;

/** Lines that are read in one step. */
const STEP_LINES = 512;

const ways: readonly string[] = ['fd', 'cwd', 'root', 'exe', 'map'];

/** Superblocks by what is mounted and by who stands on them, in steps of some milliseconds. */
export function* readSuperblocks({ mounts, standing, magic }: MountTexts): Generator<void, SuperblockFact[]> {
  const found = new Map<string, Writable>();
  let lines = 0;
  const at = (filesystem: string, type: string, source: string, options: string): Writable => {
    let superblock = found.get(filesystem);
    if (superblock === undefined) {
      superblock = { filesystem, type, source, options, mountPoints: [], standing: [], standingCount: 0 };
      found.set(filesystem, superblock);
    }
    return superblock;
  };
  for (const { namespace, pid, text } of mounts) {
    for (const line of text.split('\n')) {
      const mount = readMount(line);
      if (mount === undefined) continue;
      const { mountPoints } = at(mount.filesystem, mount.type, mount.source, mount.options);
      if (mountPoints.length < maxMountPoints) mountPoints.push({ path: mount.path, namespace, pid, ...mount.place });
      if (++lines % STEP_LINES === 0) yield;
    }
    yield;
  }
  for (const [filesystem, text] of standing) {
    const [count, ...fields] = splitFields(text);
    const superblock = at(filesystem, filesystemNames.get(magic.get(filesystem) ?? '') ?? '', '', '');
    superblock.standingCount = readNumber(count) ?? 0;
    superblock.standing = groupFields(fields, 3).flatMap(([pid, how, link]) => {
      if (readNumber(pid) === undefined || !ways.includes(how!)) return [];
      const name = how === 'map' ? unescapeOctal(link!) : decodeText(link!);
      return [{ pid: Number(pid), how: how as SuperblockFact['standing'][number]['how'], link: name }];
    });
    yield;
  }
  return [...found.values()];
}

/**
 * A line of mountinfo. Optional fields stand between the mount's options and ` - `.
 *
 * Source: show_mountinfo in fs/proc_namespace.c, proc_pid_mountinfo(5).
 */
function readMount(line: string) {
  const fields = line.split(' ');
  const dash = fields.indexOf('-', 6);
  const [filesystem = '', , path] = fields.slice(2, 5);
  if (dash < 0 || fields.length < dash + 4 || path === undefined || !/^\d{1,10}:\d{1,10}$/.test(filesystem))
    return undefined;
  const [type, source, options] = fields.slice(dash + 1);
  const place: { id?: number; parent?: number; shared?: number; master?: number } = {};
  const [id, parent] = fields.slice(0, 2).map(readNumber);
  if (id !== undefined) place.id = id;
  if (parent !== undefined) place.parent = parent;
  for (const field of fields.slice(6, dash)) {
    const [, word, group] = /^(shared|master):(\d{1,10})$/.exec(field) ?? [];
    if (word !== undefined) place[word as 'shared' | 'master'] = Number(group);
  }
  return {
    place,
    filesystem,
    path: unescapeOctal(path),
    type: unescapeOctal(type!),
    source: unescapeOctal(source!),
    options: unescapeOctal(options!),
  };
}

/** Names of filesystems by their magic number, for those that are mounted nowhere any more. Source: linux/magic.h, statfs(2). */
const filesystemNames = new Map(
  Object.entries({
    ef53: 'ext4',
    '4d44': 'vfat',
    '2011bab0': 'exfat',
    '58465342': 'xfs',
    '9123683e': 'btrfs',
    '9660': 'iso9660',
    '15013346': 'udf',
    '7366746e': 'ntfs3',
    '73717368': 'squashfs',
    '794c7630': 'overlay',
    '65735546': 'fuse',
    '6969': 'nfs',
    ff534d42: 'cifs',
    fe534d42: 'smb3',
    c36400: 'ceph',
    '1021997': '9p',
    f2f52010: 'f2fs',
    '3153464a': 'jfs',
    e0f5e1e2: 'erofs',
    '28cd3d45': 'cramfs',
    '72b6': 'jffs2',
    '24051905': 'ubifs',
    '3434': 'nilfs2',
    '52654973': 'reiserfs',
    '4244': 'hfs',
    '482b': 'hfsplus',
    '137f': 'minix',
    '1161970': 'gfs2',
    '7461636f': 'ocfs2',
    ca451a4e: 'bcachefs',
    '1021994': 'tmpfs',
    '858458f6': 'ramfs',
    '9fa0': 'proc',
    '62656572': 'sysfs',
    '64626720': 'debugfs',
    '74726163': 'tracefs',
    '1cd1': 'devpts',
    '958458f6': 'hugetlbfs',
    '63677270': 'cgroup2',
    '27e0eb': 'cgroup',
    '62656570': 'configfs',
    '42494e4d': 'binfmt_misc',
  }),
);
