import { join, resolve } from 'node:path';
import { app, BrowserWindow, dialog, protocol, session } from 'electron';
import type { CaptureMeans } from '../host/capture/capture-means.ts';
import { lookAtThisSystem } from '../host/capture/host-system.ts';
import { createHost, type Host } from '../host/create-host.ts';
import { findAppFolders } from '../host/find-app-folders.ts';
import { findUserFolders } from '../host/find-user-folders.ts';
import { createWindowMemory } from './create-window-memory.ts';
import { filesOfCommandLine } from './files-of-command-line.ts';
import { handOverPort } from './hand-over-port.ts';
import { lockContents, lockSession } from './lock-down.ts';
import { openMainWindow } from './open-main-window.ts';
import { pageHost, pageScheme, servePage } from './serve-page.ts';
import { setMenu } from './set-menu.ts';

/** Electron's main process: windows with a host each, everything else refused. `root` is the folder of package.json. */
export function runProgram(
  root = app.getAppPath(),
  means: CaptureMeans = { system: lookAtThisSystem(), called: findCommand(root) },
): void {
  const files = filesOfCommandLine(process.argv, app.isPackaged).map((file) => resolve(file));
  // Chromium may reorder the arguments of a second start, so its files travel as data.
  if (app.requestSingleInstanceLock({ files })) start(root, files, means);
  else app.quit();
}

/** What to type to run the command: a package has put it where it is found, a checkout has built it. */
function findCommand(root: string): string {
  return app.isPackaged ? 'modshark' : join(root, 'out/electron/cli.mjs');
}

function start(root: string, files: readonly string[], means: CaptureMeans): void {
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
  app.whenReady().then(
    () => openProgram(root, files, means),
    (error: unknown) => {
      throw error;
    },
  );
}

async function openProgram(root: string, files: readonly string[], means: CaptureMeans): Promise<void> {
  const folders = findAppFolders(root);
  const user = findUserFolders(process.env);
  const complain = (message: string) => console.error(message);
  const memory = createWindowMemory(join(user.state, 'window.json'), complain);
  const windows = new Map<BrowserWindow, Host>();
  const closing: Promise<void>[] = [];

  /** Opens one more window, with what it is to show at once. */
  const openWindow = async (named: readonly string[]) => {
    const window = await openMainWindow(memory, join(__dirname, 'preload.cjs'), complain);
    const chooseFile = () => askForFile(window);
    const chooseTarget = (name: string) => askForTarget(window, name);
    const host = createHost({
      kind: 'electron',
      app: folders,
      user,
      files: named,
      chooseFile,
      chooseTarget,
      means,
      complain,
    });
    windows.set(window, host);
    window.on('closed', () => {
      windows.delete(window);
      closing.push(host.close());
    });
    handOverPort(window.webContents, host);
    await window.loadURL(`${pageScheme}://${pageHost}/index.html#host=electron`);
  };
  /** The window that the person works in. */
  const currentWindow = () => BrowserWindow.getFocusedWindow() ?? [...windows.keys()].at(-1);

  lockSession(session.defaultSession);
  servePage(session.defaultSession.protocol, folders.page);
  setMenu({
    newWindow: () => openWindow([]),
    openFile: async () => {
      const window = currentWindow();
      const chosen = window && (await askForFile(window));
      if (window && chosen !== undefined) await windows.get(window)?.hand(chosen, 'dialog');
    },
  });
  app.on('second-instance', (_event, _argv, _cwd, data) => {
    const named = filesOfSecondStart(data);
    if (named.length > 0) return void openWindow(named);
    const window = currentWindow();
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  // The size of the window is written, and what it recorded, before the program is gone.
  app.on('window-all-closed', () => void Promise.all([memory.written(), ...closing]).then(() => app.quit()));
  await openWindow(files);
}

async function askForFile(window: BrowserWindow): Promise<string | undefined> {
  const title = 'Open a recording or session';
  const { filePaths } = await dialog.showOpenDialog(window, { title, properties: ['openFile'] });
  return filePaths[0];
}

async function askForTarget(window: BrowserWindow, name: string): Promise<string | undefined> {
  const defaultPath = join(app.getPath('downloads'), name);
  const { filePath } = await dialog.showSaveDialog(window, { title: 'Save the recording', defaultPath });
  return filePath === '' ? undefined : filePath;
}

/** What `requestSingleInstanceLock` of the second start was given; it comes from another process, so it is checked. */
function filesOfSecondStart(data: unknown): readonly string[] {
  const given = (data as { files?: unknown } | undefined)?.files;
  return Array.isArray(given) ? given.filter((file) => typeof file === 'string').slice(0, 1) : [];
}
