import { join } from 'node:path';
import type { CaptureSession } from '../../electron/host/capture/capture-session.ts';
import { createCaptureSession } from '../../electron/host/capture/create-capture-session.ts';
import type { HelperCommand } from '../../electron/host/capture/helper-command.ts';
import { createSpoolFolder, type SpoolFolder } from '../../electron/host/capture/spool-folder.ts';
import type { CaptureRequest } from '../../shared/capture-protocol/capture-request.ts';
import { appRoot } from './project-paths.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A step of the scripted helper; see test/support/scripted-helper.mjs. */
export type Step = Readonly<Record<string, unknown>>;

/** The scripted helper, as something that is started. */
export function scriptedCommand(steps: readonly Step[], way: HelperCommand['way'] = 'root'): HelperCommand {
  const script = join(appRoot, 'test/support/scripted-helper.mjs');
  return { way, file: process.execPath, argv: [script, JSON.stringify(steps)] };
}

export const everything: CaptureRequest = {
  events: ['load', 'free', 'get', 'put', 'request'],
  bufferKiB: 4096,
  stackTraces: false,
  modules: { which: 'only', names: [] },
};

/** No process of this machine has by chance the pid of one in a script. */
const nobodyThere = { read: () => undefined, follow: () => undefined };

/** A session with the scripted helper, in a folder of its own. */
export async function scriptedSession(
  steps: readonly Step[],
  way?: HelperCommand['way'],
): Promise<{ session: CaptureSession; spools: SpoolFolder }> {
  const spools = createSpoolFolder(await temporaryFolder());
  const created = await createCaptureSession({
    request: everything,
    command: scriptedCommand(steps, way),
    spools,
    processFiles: nobodyThere,
  });
  if (!created.ok) throw new Error(created.problem.why);
  return { session: created.session, spools };
}
