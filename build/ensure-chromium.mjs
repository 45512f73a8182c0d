import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const install = ['apt-get', '-o', 'DPkg::Lock::Timeout=300', 'install', '-y', '--no-install-recommends', 'chromium'];

/** The browser for the end-to-end tests: found, or installed where that needs nobody's password; else undefined. */
export function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  const asRoot = process.getuid() === 0 ? [] : ['sudo', '-n'];
  const mayInstall = asRoot.length === 0 || spawnSync('sudo', ['-n', 'true']).status === 0;
  if (mayInstall) {
    console.log('Chromium is missing: installing it with apt-get.');
    run([...asRoot, 'apt-get', 'update']);
    run([...asRoot, ...install]);
  }
  const now = findChromium();
  if (now === undefined) console.error('The end-to-end tests need Chromium: sudo apt-get install chromium');
  return now;
}

function run([command, ...argv]) {
  spawnSync(command, argv, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

/** The path of an installed Chromium or Chrome; undefined when there is none. */
function findChromium() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
