import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const appRoot = fileURLToPath(new URL('../..', import.meta.url));
export const command = join(appRoot, 'out/electron/cli.mjs');
export const mainBundle = join(appRoot, 'out/electron/main.cjs');
/** The same two, recording with a scripted helper. */
export const scriptedServe = join(appRoot, 'out/test-window/cli.mjs');
export const scriptedMain = join(appRoot, 'out/test-window/main.cjs');
/** The sample that the program opens on. */
export const vkmsRecording = join(appRoot, 'assets/recordings/vkms-held-by-logind.report.txt');
