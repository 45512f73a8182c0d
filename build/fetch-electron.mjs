import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../node_modules', import.meta.url));
const refusalFile = join(modules, '.cache/modshark/electron-refused');
const patienceMs = 60_000;

/**
 * Sees to it that Electron's binary is there, and returns undefined; or why it is not, in a sentence. A refusal is
 * remembered for its version, so that only the first start waits for a network that does not answer.
 */
export async function fetchElectron() {
  const folder = join(modules, 'electron');
  if (!existsSync(folder)) return 'Electron is not installed.';
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH || existsSync(join(folder, 'path.txt'))) return undefined;
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (existsSync(refusalFile) && readFileSync(refusalFile, 'utf8') === version) {
    return `Electron ${version} could not be fetched earlier (remove ${refusalFile} to try again).`;
  }
  console.error(`Fetching Electron ${version}, once and for a minute at most …`);
  const reason = await runInstaller(join(folder, 'install.js'));
  if (reason === undefined) return undefined;
  try {
    mkdirSync(dirname(refusalFile), { recursive: true });
    writeFileSync(refusalFile, version);
  } catch {
    // Somebody else's folder: then every start asks again.
  }
  return `Electron ${version} could not be fetched (${reason}).`;
}

function runInstaller(script) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'pipe'], timeout: patienceMs });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      complaint += text;
    });
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      if (code === 0) resolve(undefined);
      else if (signal !== null) resolve(`no answer within ${patienceMs / 1000} s`);
      else
        resolve(
          complaint
            .split('\n')
            .find((line) => /error/i.test(line))
            ?.trim() ?? `exit code ${code}`,
        );
    });
  });
}
