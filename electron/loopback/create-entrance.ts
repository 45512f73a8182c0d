import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { findPeerUser } from './find-peer-user.ts';

/** Addresses that lead a browser to the page once. */
export interface Entrance {
  /** A path that is good once, and for a minute. */
  create(): string;
  isEntrance(path: string): boolean;
  /** Whether the path is good and who asks is the user that started the program. Uses the path up. */
  admit(path: string, peer: Socket): Promise<boolean>;
}

const prefix = '/enter/';
const goodForMs = 60_000;

/**
 * A command line can be read by every user of the machine (/proc/PID/cmdline), so the token must not stand in the one
 * a browser is started with. What stands there is a path that is good once, and only for the same user: the kernel says
 * whose the connection is.
 */
export function createEntrance(port: number): Entrance {
  const open = new Map<string, number>();
  return {
    create() {
      const path = prefix + randomBytes(16).toString('base64url');
      open.set(path, Date.now() + goodForMs);
      return path;
    },
    isEntrance: (path) => path.startsWith(prefix),
    async admit(path, peer) {
      const until = open.get(path) ?? 0;
      const user = await findPeerUser(peer, port);
      const admitted = Date.now() < until && (user === 'unknown' || user === process.getuid?.());
      if (admitted) open.delete(path);
      return admitted;
    },
  };
}
