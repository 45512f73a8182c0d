import { spawn } from 'node:child_process';
import type { CaptureMeans } from '../host/capture/capture-means.ts';
import type { AppFolders } from '../host/find-app-folders.ts';
import { startLoopback } from '../loopback/start-loopback.ts';
import { createLoopbackHost } from './create-loopback-host.ts';
import { findAppBrowser, findProgram } from './find-browser.ts';
import { findElectron } from './find-electron.ts';
import { openAppWindow } from './open-app-window.ts';
import { runElectron } from './run-electron.ts';
import { untilStopped } from './until-stopped.ts';

/** A browser that was handed the address may be closed without a word; then the host leaves by itself. */
const idleMs = 10 * 60_000;

/**
 * Opens the window by the best means there is: Electron; else the loopback host with an app window of a browser; else
 * with the desktop's own browser; else, without a display, with its address printed.
 *
 * Returns the exit code when the window was closed.
 */
export async function openWindow(
  app: AppFolders,
  files: readonly string[],
  means: CaptureMeans,
  say: (line: string) => void,
): Promise<number> {
  const hasDisplay = Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
  const electron = hasDisplay ? findElectron(app.root) : undefined;
  if (electron !== undefined) {
    const ended = await runElectron(electron, app.root, files);
    if (ended.kind === 'closed') return ended.code;
    say(`Electron could not start (${ended.reason}). The same window opens in a browser instead.`);
  }

  const stopped = untilStopped();
  const host = createLoopbackHost(app, files, means, say);
  const loopback = await startLoopback({
    host,
    page: app.page,
    port: 0,
    shared: false,
    ...(hasDisplay ? { onIdle: { ms: idleMs, call: stopped.stop } } : {}),
  });
  try {
    if (!hasDisplay) {
      say(`No display here. Open this address in a browser of this machine; Ctrl-C ends it:\n${loopback.address}`);
      await stopped.promise;
      return 0;
    }
    const browser = findAppBrowser(process.env);
    if (browser === undefined) {
      openDesktopBrowser(loopback.createEntrance());
      say(`Opened in your browser. If nothing came up, open this address; Ctrl-C ends it:\n${loopback.address}`);
      await stopped.promise;
      return 0;
    }
    const window = openAppWindow(browser, loopback.createEntrance(), say);
    stopped.promise.then(window.close);
    await window.closed.catch(async (error: Error) => {
      say(`The window could not be opened or broke off. ${error.message}`);
      say(`Open this address in a browser of this machine; Ctrl-C ends it:\n${loopback.address}`);
      await stopped.promise;
    });
    return 0;
  } finally {
    await loopback.close();
    await host.close();
  }
}

function openDesktopBrowser(address: string): void {
  const opener = findProgram('xdg-open', process.env);
  if (opener === undefined) return;
  // Whether it worked is seen by whether a window connects; the address is printed for when it did not.
  spawn(opener, [address], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
