import { editSnapshot, type RawFact } from './edit-snapshot.ts';

/** How much more is going on than in the look that a crowd is put into. */
export interface Crowd {
  readonly processes: number;
  /** Device files, sockets and event files that they have open. */
  readonly files: number;
  readonly mounts: number;
  readonly modules: number;
}

/** Of each ten open files, three are of devices; the others are sockets. */
const DEVICES_OF_TEN = 3;
const FIRST_PID = 10_000;
const FIRST_INODE = 1_000_000;
/** As many mounts as a container has. */
const MOUNTS_TOGETHER = 50;
/** Tables of /proc/net list what is open, one line each. */
const UNIX_HEAD = 'Num       RefCount Protocol Flags    Type St Inode Path\n';
/** A message of the helper carries so many sockets. */
const SOCKETS_TOGETHER = 100;

/** The helper reads no more of a file, and says so. */
const MOST_TEXT = 4 * 1024 * 1024 - 4096;
const EFBIG = 27;

const fields = (...parts: readonly string[]) => parts.map((part) => `${part}\0`).join('');
const range = (length: number) => Array.from({ length }, (_, i) => i);
const moduleName = (i: number) => `crowd_${String(i).padStart(3, '0')}`;

/** A look of a real kernel with a crowd in it: each module drives one device, which a share of the files is open on. */
export function writeCrowd(look: Uint8Array, crowd: Crowd): Buffer {
  const devices = Math.max(1, Math.floor((crowd.files * DEVICES_OF_TEN) / 10));
  const refcount = (module: number) => opensOf(module, devices, crowd.modules) + (isLinked(module, crowd) ? 1 : 0);
  const lines = range(crowd.modules).map((i) => {
    const users = isLinked(i, crowd) ? `${moduleName(i + 1)},` : '-';
    return `${moduleName(i)} 16384 ${refcount(i)} ${users} Live 0x0000000000000000\n`;
  });
  const sockets = range(crowd.files - devices);
  const unix = sockets.map(
    (i) => `0000000000000000: 00000003 00000000 00000000 0001 03 ${FIRST_INODE + i} /run/crowd\n`,
  );
  const edit = (fact: RawFact): RawFact => {
    if (fact.name === '/proc/modules') return { ...fact, text: `${fact.text}${lines.join('')}` };
    if (fact.name === '/proc/net/unix') return cut({ ...fact, text: `${fact.text || UNIX_HEAD}${unix.join('')}` });
    if (fact.name !== ':refcounts') return fact;
    const counts = range(crowd.modules).map((i) => fields(moduleName(i), String(refcount(i))));
    return { ...fact, text: `${fact.text}${counts.join('')}` };
  };
  return editSnapshot(look, edit, [
    ...range(crowd.modules).flatMap((i) => describeModule(i, refcount(i), crowd)),
    ...range(crowd.processes).map(describeProcess),
    ...range(devices).map((i) => describeFile(i, crowd)),
    ...describeSockets(sockets, crowd),
    ...describeMounts(crowd.mounts),
  ]);
}

function cut(fact: RawFact): RawFact {
  return fact.text.length < MOST_TEXT ? fact : { ...fact, error: EFBIG, text: fact.text.slice(0, MOST_TEXT) };
}

/** Every other module links to the one before it. */
function isLinked(module: number, { modules }: Crowd): boolean {
  return module % 2 === 0 && module + 1 < modules;
}

function opensOf(module: number, devices: number, modules: number): number {
  return Math.floor(devices / modules) + (module < devices % modules ? 1 : 0);
}

function describeModule(i: number, refcount: number, crowd: Crowd): RawFact[] {
  const name = moduleName(i);
  const holders = isLinked(i, crowd) ? `${moduleName(i + 1)}/` : '';
  const folder = `sys/devices/platform/${name}.0/${name}/crowd${i}`;
  const uevent = `MAJOR=300\nMINOR=${i}\nDEVNAME=crowd${i}\n`;
  return [
    { name: `:module ${name}`, error: 0, text: fields(String(refcount), 'live', '', holders, `platform:${name}/`) },
    { name: `:device c300:${i}`, error: 0, text: fields(folder, '../../../../class/crowd', uevent, `${name}/`) },
  ];
}

function describeProcess(i: number): RawFact {
  const pid = FIRST_PID + i;
  const stat = `${pid} (worker-${i % 40}) S 1 ${pid} ${pid} 0 -1 4194560 114 972 0 0 1 104 7 43 20 0 1 0 ${1000 + i} 2314240`;
  const cgroup = `0::/system.slice/crowd-${i % 60}.service\n`;
  const namespaces = '4026531841 4026531840 4026531836 4026531837';
  return {
    name: `:process ${pid}`,
    error: 0,
    text: fields(stat, '1000', `/usr/bin/worker-${i % 40}`, cgroup, namespaces, '', '0'),
  };
}

function describeFile(i: number, { modules, processes }: Crowd): RawFact {
  const module = i % modules;
  const head = `c 300:${module} 0:5 ${200 + module} 2 1`;
  const descriptor = `${FIRST_PID + (i % processes)}:${3 + Math.floor(i / processes)}`;
  return { name: ':file', error: 0, text: fields(head, descriptor, `/dev/crowd${module}`, '') };
}

function describeSockets(sockets: readonly number[], { processes }: Crowd): RawFact[] {
  const facts: RawFact[] = [];
  for (let at = 0; at < sockets.length; at += SOCKETS_TOGETHER) {
    const some = sockets.slice(at, at + SOCKETS_TOGETHER).map((i) => {
      const descriptor = `${FIRST_PID + (i % processes)}:${100 + Math.floor(i / processes)}`;
      return fields(String(FIRST_INODE + i), 'UNIX-STREAM', descriptor);
    });
    facts.push({ name: ':sockets', error: 0, text: some.join('') });
  }
  return facts;
}

function describeMounts(mounts: number): RawFact[] {
  const facts: RawFact[] = [];
  for (let at = 0; at < mounts; at += MOUNTS_TOGETHER) {
    const namespace = 4_026_600_000 + at;
    const lines = range(Math.min(MOUNTS_TOGETHER, mounts - at)).map((i) => {
      const options = 'lowerdir=/var/lib/layers/a:/var/lib/layers/b,upperdir=/var/lib/upper,workdir=/var/lib/work';
      return `${at + i + 100} 99 0:${1000 + at + i} / /var/lib/crowd/${at + i} rw,relatime - overlay overlay rw,${options}\n`;
    });
    facts.push({ name: `:mounts ${namespace} ${FIRST_PID + at}`, error: 0, text: lines.join('') });
  }
  return facts;
}
