import { BrowserWindow, nativeTheme } from 'electron';
import type { WindowMemory } from './create-window-memory.ts';

/** Makes the one window, in the size it had last, still without a page in it. */
export async function openMainWindow(
  memory: WindowMemory,
  preload: string,
  complain: (message: string) => void,
): Promise<BrowserWindow> {
  const { width, height, maximized } = await memory.recall();
  const window = new BrowserWindow({
    width,
    height,
    minWidth: 640,
    minHeight: 400,
    title: 'ModShark',
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#15181c' : '#ffffff',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  window.on('close', () => {
    const { width, height } = window.getNormalBounds();
    memory.keep({ width, height, maximized: window.isMaximized() });
  });
  window.webContents.on('preload-error', (_event, path, error) => complain(`${path}: ${error.message}`));
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    complain(`The page ended (${reason}) and is loaded again.`);
    window.webContents.reload();
  });
  return window;
}
