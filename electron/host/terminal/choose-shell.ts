import { accessSync, constants } from 'node:fs';
import { basename, isAbsolute } from 'node:path';

/** A shell that can be started; `kind` says which marks its commands can be given. */
export interface Shell {
  readonly path: string;
  readonly kind: 'bash' | 'zsh' | 'fish' | 'other';
}

/** Entries of passwd for who is not to log in. */
const NO_SHELL = /\/(?:nologin|false|true|sync)$/;

/** The user's own shell: the one that the session names, else the one of passwd, else the system's. */
export function chooseShell(named: string | undefined, ofPasswd: string | null | undefined): Shell {
  const path = [named, ofPasswd, '/bin/bash'].find(isShell) ?? '/bin/sh';
  const name = basename(path);
  return { path, kind: name === 'bash' || name === 'zsh' || name === 'fish' ? name : 'other' };
}

function isShell(path: string | null | undefined): path is string {
  if (!path || !isAbsolute(path) || NO_SHELL.test(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
