import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sourceFolder = join(root, 'electron/helper');

const strict = ['-std=c11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Wconversion', '-Wshadow', '-Werror'];
const hardened = [
  ...['-O2', '-U_FORTIFY_SOURCE', '-D_FORTIFY_SOURCE=2', '-fstack-protector-strong', '-fPIE', '-pie'],
  ...['-Wl,-z,relro', '-Wl,-z,now', '-Wl,-z,noexecstack'],
];
const sanitised = ['-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'];

/** The C compiler's name, or undefined where there is none. */
export function findCompiler() {
  const candidates = [process.env.CC, 'cc', 'gcc', 'clang'].filter((name) => name);
  return candidates.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

/**
 * Compiles the helper's sources.
 *
 * @param {{ output: string, flavour?: 'hardened' | 'static' | 'sanitised', without?: string[], with?: string[] }} options
 *   `without` leaves out sources of the helper, `with` adds others: the tests put a kernel of their own underneath.
 */
export function compileHelper({ output, flavour = 'hardened', without = [], with: extra = [] }) {
  const compiler = findCompiler();
  if (compiler === undefined) throw new Error('There is no C compiler (cc, gcc or clang).');
  const own = readdirSync(sourceFolder).filter((name) => name.endsWith('.c') && !without.includes(name));
  const sources = [...own.map((name) => join(sourceFolder, name)), ...extra];
  const flags = { hardened, static: ['-O2', '-static'], sanitised }[flavour];
  mkdirSync(join(output, '..'), { recursive: true });
  const result = spawnSync(compiler, [...strict, ...flags, '-I', sourceFolder, ...sources, '-o', output], {
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(`The capture helper does not compile:\n${result.stderr}`);
  return output;
}

/** Where `npm run build` leaves the helper. */
export const helperPath = join(root, 'out/helper/capture-helper');
