import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

export interface MainBundleOptions {
  /** What `require('electron')` gives it. */
  readonly electron: object;
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Where its `console.error` goes. */
  readonly complain: (message: string) => void;
}

/** Runs a built main bundle, as it is, with an `electron`, a command line and an environment of its own. */
export function runMainBundle(file: string, { electron, argv, env, complain }: MainBundleOptions): void {
  const nodeRequire = createRequire(file);
  const require = (name: string) => (name === 'electron' ? electron : nodeRequire(name));
  const ownProcess = Object.create(process, { argv: { value: argv }, env: { value: env } }) as NodeJS.Process;
  const ownConsole = { ...console, error: (...words: unknown[]) => complain(words.join(' ')) };
  const module = { exports: {} };
  const run = new Function(
    'require',
    'module',
    'exports',
    '__dirname',
    '__filename',
    'process',
    'console',
    readFileSync(file, 'utf8'),
  );
  run(require, module, module.exports, dirname(file), file, ownProcess, ownConsole);
}
