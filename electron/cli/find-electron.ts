import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * The path of Electron's binary; undefined where it was not fetched.
 *
 * Asked of the files, never by importing the package: its entry point starts a download when the binary is missing.
 */
export function findElectron(appRoot: string): string | undefined {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const candidates = override === undefined ? packaged(appRoot) : [join(override, 'electron')];
  return candidates.find((path) => existsSync(path));
}

function packaged(appRoot: string): readonly string[] {
  try {
    const folder = dirname(createRequire(join(appRoot, 'package.json')).resolve('electron/package.json'));
    return [join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim())];
  } catch {
    // The package, or the file that a finished download leaves, is not there.
    return [];
  }
}
