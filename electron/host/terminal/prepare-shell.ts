import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Shell } from './choose-shell.ts';
import bashScript from './integration/modshark.bash?raw';
import fishScript from './integration/modshark.fish?raw';
import zshScript from './integration/modshark.zshenv?raw';

/** How a program is to be started in a terminal. */
export interface TerminalProgram {
  readonly file: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

interface PrepareOptions {
  readonly shell: Shell;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Of ModShark's own, where the scripts are written that a shell reads. */
  readonly folder: string;
  readonly key: string;
}

/**
 * Has a shell tell where its commands begin and end, without touching a file of the user's: each kind has a way to be
 * given a script of ours, and that script reads the user's own. Other shells run as they are, and so does any where the
 * scripts cannot be written.
 */
export async function prepareShell(options: PrepareOptions): Promise<TerminalProgram & { readonly marks: boolean }> {
  const { shell, env, cwd, folder, key } = options;
  const marked = { ...env, MODSHARK_MARKS: key };
  const plain = { file: shell.path, cwd, env, argv: [], marks: false };
  try {
    switch (shell.kind) {
      case 'bash': {
        const script = await put(join(folder, 'modshark.bash'), bashScript);
        return { ...plain, env: marked, argv: ['--rcfile', script, '-i'], marks: true };
      }
      case 'zsh': {
        const script = await put(join(folder, 'zsh/.zshenv'), zshScript);
        const own = env['ZDOTDIR'];
        const pointed = {
          ...marked,
          ZDOTDIR: dirname(script),
          ...(own === undefined ? {} : { MODSHARK_ZDOTDIR: own }),
        };
        return { ...plain, env: pointed, argv: ['-i'], marks: true };
      }
      case 'fish': {
        const script = await put(join(folder, 'modshark.fish'), fishScript);
        return { ...plain, env: marked, argv: ['-i', '-C', `source ${quoteForFish(script)}`], marks: true };
      }
      case 'other':
        return plain;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return plain;
  }
}

/** Writes a script where it is not there already, or not the same; another start of the program may do so too. */
async function put(path: string, script: string): Promise<string> {
  const there = await readFile(path, 'utf8').catch(() => undefined);
  if (there === script) return path;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.${process.pid}`;
  await writeFile(fresh, script, { mode: 0o600 });
  await rename(fresh, path);
  return path;
}

function quoteForFish(path: string): string {
  return `'${path.replace(/[\\']/g, '\\$&')}'`;
}
