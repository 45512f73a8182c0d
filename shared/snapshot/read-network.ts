import { decodeText } from '../trace-text/decode-bytes.ts';
import { groupFields, readDescriptors, readNumber, splitFields } from './split-fields.ts';
import type { ProcessFact, SocketFact } from './system-snapshot.ts';

export interface SocketTexts {
  /** Fields of `:sockets`: inode, protocol, descriptors. */
  readonly sockets: readonly string[];
  /** Files of /proc/net and /proc/PID/net, by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly processes: ReadonlyMap<number, ProcessFact>;
}

/** Lines that are read in one step. */
const STEP_LINES = 512;

interface About {
  readonly about: string;
  readonly netlinkProtocol: number | undefined;
}

/** Open sockets, with what /proc/net knows of them; in steps of some milliseconds. */
export function* readSockets({ sockets, files, processes }: SocketTexts): Generator<void, SocketFact[]> {
  const seen: (readonly string[])[] = [];
  const wanted = new Set<number>();
  for (const text of sockets) {
    for (const socket of groupFields(splitFields(text), 3)) {
      seen.push(socket);
      wanted.add(readNumber(socket[0]) ?? 0);
      if (seen.length % STEP_LINES === 0) yield;
    }
  }
  const known = yield* readTables(files, wanted);
  const found: SocketFact[] = [];
  for (const [number, protocol = '', words = ''] of seen) {
    const inode = readNumber(number);
    if (inode === undefined) continue;
    const descriptors = readDescriptors(words);
    const first = processes.get(descriptors[0]?.pid ?? 0);
    const { about = '', netlinkProtocol } = known.get(inode) ?? {};
    found.push({
      inode,
      protocol: protocol === '' ? undefined : decodeText(protocol),
      netlinkProtocol,
      about,
      descriptors,
      networkNamespace: first?.namespaces?.net,
    });
    if (found.length % STEP_LINES === 0) yield;
  }
  return found;
}

/** A table of /proc/net: where a line has the inode of its socket, and what else it says. */
interface Table {
  readonly inode: number;
  about(words: readonly string[]): string;
  netlinkProtocol?(words: readonly string[]): number;
}

const inet: Table = {
  inode: 9,
  about([, local = '', remote = '']) {
    return /^0*:0*$/.test(remote) ? readAddress(local) : `${readAddress(local)} → ${readAddress(remote)}`;
  },
};

/** Source: get_tcp4_sock, udp4_format_sock, netlink_native_seq_show, packet_seq_show, unix_seq_show. */
const tables = new Map<string, Table>([
  ...['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6'].map((name) => [name, inet] as const),
  [
    'netlink',
    {
      inode: 9,
      about: (words) => decodeText(`netlink port ${words[2]}`),
      netlinkProtocol: (words) => Number(words[1]),
    },
  ],
  ['packet', { inode: 8, about: (words) => decodeText(`packet protocol 0x${words[3]}, interface ${words[4]}`) }],
  ['unix', { inode: 6, about: (words) => decodeText(words.slice(7).join(' ')) }],
]);

/**
 * `0100007F:1F90`: an address as the processor keeps it, and a port.
 *
 * Shape: of a little-endian machine, as nearly all are.
 */
function readAddress(text: string): string {
  const [address = '', port = ''] = text.split(':');
  const bytes = (address.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).reverse(),
  );
  const number = Number.parseInt(port, 16);
  if (bytes.length === 4) return `${bytes.join('.')}:${number}`;
  const groups: string[] = [];
  for (let at = 0; at < bytes.length; at += 2) groups.push((bytes[at]! * 256 + bytes[at + 1]!).toString(16));
  const short = groups.join(':').replace(/(^|:)0(:0)+(:|$)/, '::');
  return `[${short}]:${number}`;
}

/** Only of those that somebody has open: a busy server has many others. */
function* readTables(
  files: ReadonlyMap<string, string>,
  wanted: ReadonlySet<number>,
): Generator<void, Map<number, About>> {
  const known = new Map<number, About>();
  for (const [path, text] of files) {
    const table = tables.get(/^\/proc\/(?:\d+\/)?net\/(\w+)$/.exec(path)?.[1] ?? '');
    if (table === undefined) continue;
    let lines = 0;
    for (const line of text.split('\n')) {
      if (++lines % STEP_LINES === 0) yield;
      const words = line.trim().split(/\s+/);
      const inode = readNumber(words[table.inode]);
      if (inode === undefined || !wanted.has(inode)) continue;
      known.set(inode, { about: table.about(words), netlinkProtocol: table.netlinkProtocol?.(words) });
    }
  }
  return known;
}
