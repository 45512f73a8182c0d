import type { CaptureMeans } from '../host/capture/capture-means.ts';
import type { AppFolders } from '../host/find-app-folders.ts';
import { startLoopback } from '../loopback/start-loopback.ts';
import { createLoopbackHost } from './create-loopback-host.ts';
import type { Command } from './parse-arguments.ts';
import { untilStopped } from './until-stopped.ts';

/** Serves the window until it is told to stop. The address alone goes to stdout, for a script to take. */
export async function serve(
  app: AppFolders,
  { files, port, shared }: Command & { kind: 'serve' },
  means: CaptureMeans,
  say: (line: string) => void,
): Promise<number> {
  const stopped = untilStopped();
  try {
    const host = createLoopbackHost(app, files, means, say);
    const loopback = await startLoopback({ host, page: app.page, port, shared });
    process.stdout.write(`${loopback.address}\n`);
    say('Open this address in a browser of this machine, or forward its port with ssh -L. Ctrl-C ends it.');
    await stopped.promise;
    await loopback.close();
    await host.close();
    return 0;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    say(code === 'EACCES' ? `Port ${port} needs root; take one above 1023.` : `Port ${port} is taken.`);
    return 2;
  }
}
