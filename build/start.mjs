import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll } from './build.mjs';
import { fetchElectron } from './fetch-electron.mjs';

/** `npm start [-- FILE]`: builds what changed and opens the window, on the vkms recording unless a file is given. */
const root = fileURLToPath(new URL('..', import.meta.url));
const sample = join(root, 'assets/recordings/vkms-held-by-logind.report.txt');

await buildAll();
if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY) {
  const refusal = await fetchElectron();
  if (refusal !== undefined) console.error(`${refusal} The same window opens in a browser instead.`);
}

// The command runs in this very process, so that Ctrl-C and the exit code are its own.
const command = join(root, 'out/electron/cli.mjs');
const given = process.argv.slice(2);
process.argv = [process.execPath, command, ...(given.length > 0 ? given : [sample])];
await import(command);
