import { accessSync, closeSync, constants, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** The machine as the preflight sees it: the real one, or one that a test makes up. */
export interface HostSystem {
  readonly uid: number;
  readonly pid: number;
  /** The text of a file; undefined where it cannot be read. */
  read(path: string): string | undefined;
  /** The names in a folder; undefined where it cannot be listed. */
  list(path: string): readonly string[] | undefined;
  /** Owner and mode of a file, links followed. */
  stat(path: string): { readonly uid: number; readonly mode: number } | undefined;
  /** Where a program is that can be run by its name. */
  findProgram(name: string): string | undefined;
  /** Whether a terminal is there to ask in. */
  readonly hasTerminal: boolean;
}

/** This machine. */
export function lookAtThisSystem(env: NodeJS.ProcessEnv = process.env): HostSystem {
  return {
    uid: process.getuid?.() ?? -1,
    pid: process.pid,
    read: (path) => orUndefined(() => readFileSync(path, 'latin1')),
    list: (path) => orUndefined(() => readdirSync(path)),
    stat: (path) => statSync(path, { throwIfNoEntry: false }),
    findProgram(name) {
      const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/sbin'];
      return folders
        .filter(isAbsolute)
        .map((folder) => join(folder, name))
        .find(isExecutable);
    },
    get hasTerminal() {
      return orUndefined(() => closeSync(openSync('/dev/tty', constants.O_RDWR)) ?? true) ?? false;
    },
  };
}

function isExecutable(path: string): boolean {
  return orUndefined(() => accessSync(path, constants.X_OK) ?? statSync(path).isFile()) ?? false;
}

/** What may be forbidden or missing is simply not known; the checks say what that means. */
function orUndefined<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
