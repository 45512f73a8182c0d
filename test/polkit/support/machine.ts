import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeTree } from '../../helper/support/make-fake-tree.ts';

/** What `prepare-machine.mjs` has made. */
export interface Machine {
  readonly folder: string;
  readonly home: string;
  readonly mode: string;
  readonly password: string;
  readonly uid: number;
  readonly gid: number;
  readonly installed: string;
}
/** What polkit starts: the real helper, or the same sources over a tree of files. */
export function putInPlace(machine: Machine, which: 'real' | 'files', tree: FakeTree): void {
  rmSync(machine.installed, { force: true });
  if (which === 'real') copyFileSync(join(machine.folder, 'real-helper'), machine.installed);
  else {
    const helper = join(machine.folder, 'fake-helper');
    writeFileSync(machine.installed, `#!/bin/sh\nFAKE_TRACEFS=${tree.path} exec ${helper}\n`);
  }
  chmodSync(machine.installed, 0o755);
}

/** Everything that could still hold root because of us. */
export function rootHelpers(): string[] {
  const found: string[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const comm = readFileSync(`/proc/${pid}/comm`, 'latin1').trim();
      const status = readFileSync(`/proc/${pid}/status`, 'latin1');
      const ended = /^State:\t[ZX]/m.test(status);
      if (!ended && ['fake-helper', 'capture-helper', 'pkexec', 'pkttyagent'].includes(comm))
        found.push(`${comm} ${pid}`);
    } catch {
      // It ended between the two looks.
    }
  }
  return found;
}
