import { join, resolve } from 'node:path';
import { app, type BrowserWindow, dialog, protocol, session } from 'electron';
import { createHost } from '../host/create-host.ts';
import { findAppFolders } from '../host/find-app-folders.ts';
import { findUserFolders } from '../host/find-user-folders.ts';
import { createWindowMemory } from './create-window-memory.ts';
import { filesOfCommandLine } from './files-of-command-line.ts';
import { handOverPort } from './hand-over-port.ts';
import { lockContents, lockSession } from './lock-down.ts';
import { openMainWindow } from './open-main-window.ts';
import { pageHost, pageScheme, servePage } from './serve-page.ts';
import { setMenu } from './set-menu.ts';

/** Entry point of Electron's main process: one window, one host, everything else refused. */
const files = filesOfCommandLine(process.argv, app.isPackaged).map((file) => resolve(file));

// Chromium may reorder the arguments of a second start, so its files travel as data.
if (app.requestSingleInstanceLock({ files })) start();
else app.quit();

function start(): void {
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
  app.whenReady().then(openProgram, (error: unknown) => {
    throw error;
  });
}

async function openProgram(): Promise<void> {
  const folders = findAppFolders(app.getAppPath());
  const user = findUserFolders(process.env);
  const complain = (message: string) => console.error(message);
  let window: BrowserWindow | undefined;

  const chooseFile = async () => {
    if (!window) return undefined;
    const { filePaths } = await dialog.showOpenDialog(window, { title: 'Open a recording', properties: ['openFile'] });
    return filePaths[0];
  };
  const host = createHost({ kind: 'electron', app: folders, user, files, chooseFile, complain });

  lockSession(session.defaultSession);
  servePage(session.defaultSession.protocol, folders.page);
  setMenu(async () => {
    const chosen = await chooseFile();
    if (chosen !== undefined) await host.hand(chosen, 'dialog');
  });
  const memory = createWindowMemory(join(user.state, 'window.json'), complain);
  window = await openMainWindow(memory, join(__dirname, 'preload.cjs'), complain);
  handOverPort(window.webContents, host);

  app.on('second-instance', (_event, _argv, _cwd, data) => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
    for (const file of filesOfSecondStart(data)) void host.hand(file, 'command-line');
  });
  // The size of the window is written before the program is gone.
  app.on('window-all-closed', () => void memory.written().then(() => app.quit()));
  await window.loadURL(`${pageScheme}://${pageHost}/index.html#host=electron`);
}

/** What `requestSingleInstanceLock` of the second start was given; it comes from another process, so it is checked. */
function filesOfSecondStart(data: unknown): readonly string[] {
  const given = (data as { files?: unknown } | undefined)?.files;
  return Array.isArray(given) ? given.filter((file) => typeof file === 'string').slice(0, 1) : [];
}
