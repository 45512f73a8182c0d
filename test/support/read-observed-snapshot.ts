import type {
  BlockDevice,
  DeviceFact,
  OpenFile,
  ProcessFact,
  SocketFact,
  SuperblockFact,
  SystemSnapshot,
} from '../../shared/snapshot/system-snapshot.ts';
import { device, disk, loaded, makeSnapshot, mounted, running } from './make-snapshot.ts';

const last = (path: string | undefined): string | undefined =>
  path
    ?.split('/')
    .filter((part) => part !== '')
    .at(-1);

/**
 * Reads what a shell script wrote down of a running kernel: for each process its descriptors with what stat(1) and
 * /sys say of them, then the modules, then files under `@@ path`.
 */
export function readObservedSnapshot(text: string, kernel: string): SystemSnapshot {
  const processes: ProcessFact[] = [];
  const files: OpenFile[] = [];
  const sockets: SocketFact[] = [];
  const devices = new Map<string, DeviceFact>();
  const texts: Record<string, string> = {};
  const modules = [];
  let pid = 0;
  let path: string | undefined;
  let key = '';
  for (const line of text.split('\n')) {
    const process = /^## pid (\d+) (.*)$/.exec(line);
    const descriptor = /^\/proc\/\d+\/fd\/(\d+) -> (.*) \| (.*) rdev=([0-9a-f]+):([0-9a-f]+) dev=(\S+) ino=(\d+)$/.exec(
      line,
    );
    const module = /^MOD (\S+) refcnt=(\d+) holders=(.*?)\s+drivers=(.*?)\s+taint=/.exec(line);
    if (line.startsWith('@@ ')) {
      path = line.slice(3);
      texts[path] = '';
    } else if (process !== null) {
      pid = Number(process[1]);
      processes.push(running(`${pid} ${last(process[2]!.split(' ')[0])}`));
    } else if (line.startsWith('0::')) {
      processes[processes.length - 1] = { ...processes.at(-1)!, cgroups: [line] };
    } else if (descriptor !== null) {
      const [, fd, link, sort, major, minor, filesystem, inode] = descriptor;
      const descriptors = [{ pid, fd: Number(fd) }];
      if (link!.startsWith('socket:')) {
        sockets.push({
          inode: Number(inode),
          protocol: undefined,
          netlinkProtocol: undefined,
          about: '',
          descriptors,
          networkNamespace: undefined,
        });
        continue;
      }
      const type = sort!.startsWith('character') ? 'char' : sort!.startsWith('block') ? 'block' : 'anonymous';
      const number = `${Number.parseInt(major!, 16)}:${Number.parseInt(minor!, 16)}`;
      key = type === 'anonymous' ? '' : `${type === 'char' ? 'c' : 'b'}${number}`;
      if (key !== '' && !devices.has(key)) devices.set(key, device(`${key} -`));
      files.push({
        link: link!,
        type,
        device: key === '' ? undefined : key,
        filesystem: filesystem!,
        inode: Number(inode),
        flags: 2,
        info: new Map(),
        descriptors,
        compared: true,
      });
    } else if (line.startsWith('   sys=')) {
      const [, sys, subsystem, , bound] = /sys=(\S*) subsystem=(\S*) devdrv=(\S*) devmod=(\S*)/.exec(line)!;
      devices.set(key, { ...devices.get(key)!, path: sys, subsystem: last(subsystem), driverModule: last(bound) });
    } else if (line.startsWith('MAJOR=')) {
      const name = /DEVNAME=(\S+)/.exec(line)?.[1];
      devices.set(key, { ...devices.get(key)!, name });
    } else if (module !== null) {
      const [, name, refcount, holders, drivers] = module;
      const linked = holders === '' ? '' : ` ${holders!.split(' ').join(',')}`;
      modules.push(loaded(`${name} ${refcount}${linked}`, { drivers: drivers === '' ? [] : drivers!.split(' ') }));
    } else if (path !== undefined) texts[path] += `${line}\n`;
  }
  for (const line of (texts['/proc/misc'] ?? '').split('\n')) {
    const [minor, name] = line.trim().split(' ');
    const known = devices.get(`c10:${minor}`);
    if (known !== undefined) devices.set(known.key, { ...known, registered: name });
  }
  const protocols = new Map(
    (texts['sockprotoname'] ?? '').split('\n').map((line) => line.split(' ') as [string, string]),
  );
  return makeSnapshot({
    kernel,
    modules,
    processes,
    openFiles: files,
    devices: [...devices.values()],
    sockets: sockets.map((one) => ({ ...one, protocol: protocols.get(String(one.inode)) })),
    superblocks: readMounts(texts['/proc/self/mountinfo'] ?? ''),
    blockDevices: readDisks(texts),
    texts: { ...texts, 'dmsetup table': texts['dmsetup'] ?? '', '/proc/crypto': texts['crypto'] ?? '' },
  });
}

function readMounts(mountinfo: string): SuperblockFact[] {
  return mountinfo
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, , filesystem, , place] = line.split(' ');
      const [type, source, options] = line.split(' - ')[1]!.split(' ');
      return mounted(`${filesystem} ${type} ${source} ${place}`, { options: options! });
    });
}

function readDisks(texts: Readonly<Record<string, string>>): BlockDevice[] {
  const disks: BlockDevice[] = [];
  for (const [path, text] of Object.entries(texts)) {
    const loop = /^\/sys\/block\/(loop(\d+))\/loop\/backing_file$/.exec(path);
    if (loop !== null) disks.push(disk(`${loop[1]} 7:${loop[2]}`, { backingFile: text.trim() }));
    const mapped = /^\/sys\/block\/(dm-(\d+))\/dm\/name$/.exec(path);
    if (mapped !== null) disks.push(disk(`${mapped[1]} 254:${mapped[2]}`, { mapperName: text.trim(), mapperUuid: '' }));
  }
  return disks;
}
