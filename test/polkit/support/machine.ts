import { chmodSync, copyFileSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeTree } from '../../helper/support/make-fake-tree.ts';

/** What `prepare-machine.mjs` has made. */
interface Machine {
  readonly folder: string;
  readonly home: string;
  readonly mode: string;
  readonly password: string;
  readonly uid: number;
  readonly gid: number;
  readonly installed: string;
}

/** The machine of this suite. */
export const machine: Machine = JSON.parse(process.env['MODSHARK_POLKIT_MACHINE'] ?? '{}');

/** How a program is started as the ordinary user, in a session of its own without a terminal. */
export const asOrdinaryUser = {
  uid: machine.uid,
  gid: machine.gid,
  cwd: machine.home,
  detached: true,
  env: { HOME: machine.home, PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', USER: 'modshark-test' },
} as const;

/** What polkit answers from now on. */
export function answers(mode: 'yes' | 'no' | 'ask'): void {
  writeFileSync(machine.mode, mode);
}

/** What polkit starts: the real helper, or the same sources over a tree of files. */
export function putInPlace(which: 'real' | 'files', tree: FakeTree): void {
  rmSync(machine.installed, { force: true });
  if (which === 'real') copyFileSync(join(machine.folder, 'real-helper'), machine.installed);
  else {
    const helper = join(machine.folder, 'fake-helper');
    writeFileSync(machine.installed, `#!/bin/sh\nFAKE_TRACEFS=${tree.path} exec ${helper}\n`);
  }
  chmodSync(machine.installed, 0o755);
}

/** Everything that could still hold root because of us: `fake-helper 4711`. Other suites may run the same program. */
export function rootHelpers(): string[] {
  const found: string[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const comm = readFileSync(`/proc/${pid}/comm`, 'latin1').trim();
      const status = readFileSync(`/proc/${pid}/status`, 'latin1');
      const ended = /^State:\t[ZX]/m.test(status);
      const isOther = comm === 'fake-helper' && readlinkSync(`/proc/${pid}/exe`) !== join(machine.folder, comm);
      if (!ended && !isOther && ['fake-helper', 'capture-helper', 'pkexec', 'pkttyagent'].includes(comm))
        found.push(`${comm} ${pid}`);
    } catch {
      // It ended between the two looks.
    }
  }
  return found;
}
