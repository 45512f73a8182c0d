import type {
  BlockDevice,
  DeviceFact,
  DeviceMapping,
  LoadedModule,
  OpenFile,
  ProcessFact,
  SuperblockFact,
  SystemSnapshot,
} from '../../snapshot/system-snapshot.ts';

/** O_PATH of x86, arm and most others: such a descriptor opens nothing. */
const O_PATH = 0o10000000;

/** Lines of one text that rules read: a ruleset of a hundred thousand rules is told of by its first. */
const MOST_LINES = 200_000;

/** A snapshot, ready to be asked. Made once for all rules. */
export interface SnapshotIndex {
  readonly snapshot: SystemSnapshot;
  readonly modules: ReadonlyMap<string, LoadedModule>;
  /** Character devices that somebody has open, by subsystem; '' for those of none. */
  readonly characterFiles: ReadonlyMap<string, readonly { readonly file: OpenFile; readonly device: DeviceFact }[]>;
  /** Everything open on a block device, by device number. */
  readonly blockFiles: ReadonlyMap<string, readonly OpenFile[]>;
  /** By name, and by the number of the disk or of a partition. */
  readonly disks: ReadonlyMap<string, BlockDevice>;
  readonly diskOf: ReadonlyMap<string, BlockDevice>;
  /** The loaded module that goes by a name; dashes are underscores. Undefined for built-in code. */
  module(name: string | undefined): string | undefined;
  /** The loaded module behind an alias of modules.alias, as in `fs-ext4`. */
  alias(alias: string): string | undefined;
  process(pid: number): ProcessFact | undefined;
  text(path: string): string | undefined;
  lines(path: string): readonly string[];
  /** The texts whose path a pattern matches whole, in order of their paths. */
  matching(pattern: RegExp): readonly { readonly match: RegExpExecArray; readonly text: string }[];
  kernelAtLeast(major: number, minor: number): boolean;
}

/** Whether a descriptor has really opened something. */
export function isOpen({ flags }: OpenFile): boolean {
  return (flags & O_PATH) === 0;
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function readKernel(kernel: string): readonly [number, number] {
  const match = /^(\d+)\.(\d+)/.exec(kernel);
  return match === null ? [Number.POSITIVE_INFINITY, 0] : [Number(match[1]), Number(match[2])];
}

/** Aliases of /lib/modules/VERSION/modules.alias that hold no pattern, as in `alias fs-ext4 ext4`. */
function readAliases(texts: ReadonlyMap<string, string>): Map<string, string[]> {
  const aliases = new Map<string, string[]>();
  for (const [path, text] of texts) {
    if (!/\/modules\.alias$/.test(path)) continue;
    for (const [, alias, module] of text.matchAll(/^alias ([^\s*?[]+) (\S+)$/gm)) push(aliases, alias!, module!);
  }
  return aliases;
}

/** Compares by one key after the other. */
function by<Item>(...keys: ((item: Item) => string | number)[]): (a: Item, b: Item) => number {
  return (a, b) => {
    for (const key of keys) {
      const [left, right] = [key(a), key(b)];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  };
}

/** What is put in order in one step. */
const STEP_ITEMS = 1024;

/** In order of a number first: a hundred thousand items compared one with the other would keep everybody waiting. */
function* sortInSteps<Item>(
  items: readonly Item[],
  first: (item: Item) => number,
  then: (a: Item, b: Item) => number,
): Generator<void, Item[]> {
  const groups = new Map<number, Item[]>();
  let count = 0;
  for (const item of items) {
    push(groups, first(item), item);
    if (++count % STEP_ITEMS === 0) yield;
  }
  const sorted: Item[] = [];
  for (const key of Float64Array.from(groups.keys()).sort()) {
    const group = groups.get(key)!;
    if (group.length > 1) group.sort(then);
    for (const item of group) sorted.push(item);
    if (++count % STEP_ITEMS === 0) yield;
  }
  return sorted;
}

const byDescriptor = by<OpenFile['descriptors'][number]>(
  ({ pid }) => pid,
  ({ fd }) => fd,
);

/** Descriptors that share a file, those of the lowest process first. */
function withOrder<Item extends Pick<OpenFile, 'descriptors'>>(item: Item): Item {
  return item.descriptors.length < 2 ? item : { ...item, descriptors: item.descriptors.toSorted(byDescriptor) };
}

const pidOf = ({ descriptors: [first] }: Pick<OpenFile, 'descriptors'>) => first?.pid ?? 0;
const fdOf = ({ descriptors: [first] }: Pick<OpenFile, 'descriptors'>) => first?.fd ?? 0;
/** Both in one number, which a double holds exactly: pids end at 2^22, descriptors before 2^31. */
const pidAndFd = (item: Pick<OpenFile, 'descriptors'>) => pidOf(item) * 2 ** 31 + fdOf(item);

/** The answer must not depend on the order in which things were read. */
function* inOrder(snapshot: SystemSnapshot): Generator<void, SystemSnapshot> {
  const openFiles = yield* sortInSteps(
    snapshot.openFiles.map(withOrder),
    pidAndFd,
    by<OpenFile>(pidOf, fdOf, ({ link }) => link),
  );
  const sockets = yield* sortInSteps(
    snapshot.sockets.map(withOrder),
    ({ inode }) => inode,
    () => 0,
  );
  const mappings = yield* sortInSteps(
    snapshot.mappings,
    ({ pid }) => pid,
    by<DeviceMapping>(
      ({ device }) => device ?? '',
      ({ link }) => link,
    ),
  );
  const superblocks = snapshot.superblocks.toSorted(by<SuperblockFact>(({ filesystem }) => filesystem));
  yield;
  return {
    ...snapshot,
    modules: snapshot.modules.toSorted(by<LoadedModule>(({ name }) => name)),
    openFiles,
    mappings,
    superblocks,
    sockets,
    blockDevices: snapshot.blockDevices.toSorted(by<BlockDevice>(({ name }) => name)),
  };
}

/** Makes a snapshot ready to be asked, in steps of some milliseconds. */
export function* indexSnapshotInSteps(unordered: SystemSnapshot): Generator<void, SnapshotIndex> {
  const snapshot = yield* inOrder(unordered);
  const modules = new Map(snapshot.modules.map((module) => [module.name, module]));
  const characterFiles = new Map<string, { file: OpenFile; device: DeviceFact }[]>();
  const blockFiles = new Map<string, OpenFile[]>();
  let count = 0;
  for (const file of snapshot.openFiles) {
    if (++count % STEP_ITEMS === 0) yield;
    if (file.device === undefined || !isOpen(file)) continue;
    if (file.type === 'block') push(blockFiles, file.device.slice(1), file);
    const device = snapshot.devices.get(file.device);
    if (file.type === 'char' && device !== undefined) push(characterFiles, device.subsystem ?? '', { file, device });
  }
  const disks = new Map<string, BlockDevice>();
  const diskOf = new Map<string, BlockDevice>();
  for (const disk of snapshot.blockDevices) {
    disks.set(disk.name, disk);
    diskOf.set(disk.device, disk);
    for (const { name, device } of disk.partitions) {
      disks.set(name, disk);
      diskOf.set(device, disk);
    }
  }
  const [major, minor] = readKernel(snapshot.kernel);
  const paths = [...snapshot.texts.keys()].sort();
  let aliases: Map<string, string[]> | undefined;
  const module = (name: string | undefined): string | undefined => {
    if (name === undefined) return undefined;
    if (modules.has(name)) return name;
    const plain = name.replaceAll('-', '_');
    return modules.has(plain) ? plain : undefined;
  };
  return {
    snapshot,
    modules,
    characterFiles,
    blockFiles,
    disks,
    diskOf,
    module,
    alias(alias) {
      aliases ??= readAliases(snapshot.texts);
      const loaded = new Set((aliases.get(alias) ?? []).map(module).filter((name) => name !== undefined));
      return loaded.size === 1 ? [...loaded][0] : undefined;
    },
    process: (pid) => snapshot.processes.get(pid),
    text: (path) => snapshot.texts.get(path),
    lines: (path) => (snapshot.texts.get(path)?.split('\n', MOST_LINES) ?? []).filter((line) => line !== ''),
    matching(pattern) {
      const found: { match: RegExpExecArray; text: string }[] = [];
      for (const path of paths) {
        const match = pattern.exec(path);
        if (match !== null && match[0] === path) found.push({ match, text: snapshot.texts.get(path)! });
      }
      return found;
    },
    kernelAtLeast: (wantedMajor, wantedMinor) => major > wantedMajor || (major === wantedMajor && minor >= wantedMinor),
  };
}
