import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installPackages } from './install-packages.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser for the end-to-end tests: found, or installed where that needs nobody's password; else undefined. */
export function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  const command = installPackages(['chromium']);
  const now = findChromium();
  if (now === undefined) console.error(`The end-to-end tests need Chromium: ${command}`);
  return now;
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
