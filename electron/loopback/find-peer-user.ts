import { readFile } from 'node:fs/promises';

/**
 * The user id of whoever holds the other end of a connection from 127.0.0.1; `unknown` where the kernel does not tell
 * anybody's, `none` where it lists connections but not this one. Whoever calls from another address of the loopback
 * network may have chosen the port of somebody else's connection, and is nobody.
 *
 * Source: /proc/net/tcp, proc(5); printed by get_tcp4_sock() in net/ipv4/tcp_ipv4.c. An IPv6 socket connected to a
 * mapped IPv4 address stands in tcp6, with the same ports.
 */
export async function findPeerUser(
  peer: { readonly remoteAddress?: string | undefined; readonly remotePort?: number | undefined },
  ownPort: number,
): Promise<number | 'none' | 'unknown'> {
  if (peer.remoteAddress !== '127.0.0.1') return 'none';
  const files = ['/proc/net/tcp', '/proc/net/tcp6'];
  const tables = await Promise.all(files.map((path) => readFile(path, 'latin1').catch(() => '')));
  return userInTables(tables, peer.remotePort ?? 0, ownPort);
}

/** The same, in the text of the tables. */
export function userInTables(
  tables: readonly string[],
  peerPort: number,
  ownPort: number,
): number | 'none' | 'unknown' {
  const rows = tables.flatMap((table) => table.split('\n').slice(1)).filter((row) => row.trim() !== '');
  if (rows.length === 0) return 'unknown';
  for (const row of rows) {
    const [, local = '', remote = '', state, , , , user] = row.trim().split(/\s+/);
    if (state !== established || !isLoopback(local)) continue;
    if (portOf(local) === peerPort && portOf(remote) === ownPort) return Number(user);
  }
  return 'none';
}

/** Of a connection that its owner has closed the kernel says root. Source: sock_i_uid, get_timewait4_sock; TCP_ESTABLISHED. */
const established = '01';

/** 127.0.0.1 as the kernel prints it: the four bytes as one number, in the machine's own order. */
function isLoopback(address: string): boolean {
  return /(0100007F|7F000001):/.test(address);
}

function portOf(address: string): number {
  return Number.parseInt(address.slice(address.indexOf(':') + 1), 16);
}
