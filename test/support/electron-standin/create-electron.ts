import { EventEmitter } from 'node:events';
import type { BrowserContext } from 'playwright-core';
import { StandinPort } from './standin-ports.ts';
import { isPageUrl, toAppUrl } from './standin-urls.ts';
import { StandinWindow, type StandinWindowOptions } from './standin-window.ts';

type PermissionHandler = (contents: unknown, permission: string, decide: (granted: boolean) => void) => void;

interface MenuEntry {
  readonly id?: string;
  readonly click?: () => void;
  readonly submenu?: readonly MenuEntry[];
}

/** The stand-in of the `electron` module for one run of the main bundle, and what a test may see and do. */
export interface StandinElectron {
  /** What `require('electron')` gives. */
  readonly module: object;
  readonly app: EventEmitter;
  readonly ipcMain: EventEmitter;
  readonly windows: StandinWindow[];
  /** Answers of the dialogs to come, in order. */
  readonly dialogAnswers: (string | undefined)[];
  readonly menu: () => readonly MenuEntry[];
  readonly permissions: {
    request?: PermissionHandler;
    check?: (contents: unknown, permission: string) => boolean;
    device?: () => boolean;
  };
  readonly sandboxed: () => boolean;
}

/** Makes a stand-in over a browser context of Chromium. */
export function createElectron(context: Promise<BrowserContext>, appPath: string): StandinElectron {
  const ipcMain = new EventEmitter();
  const windows: StandinWindow[] = [];
  const dialogAnswers: (string | undefined)[] = [];
  const permissions: StandinElectron['permissions'] = {};
  let menu: readonly MenuEntry[] = [];
  let sandboxed = false;

  const app = Object.assign(new EventEmitter(), {
    isPackaged: false,
    requestSingleInstanceLock: () => true,
    enableSandbox: () => {
      sandboxed = true;
    },
    whenReady: async () => void (await context),
    getAppPath: () => appPath,
    getPath: () => '/',
    quit: () => app.emit('quit', {}, 0),
  });

  const protocol = {
    registerSchemesAsPrivileged: () => {},
    handle(scheme: string, respond: (request: { url: string; method: string }) => Promise<Response>) {
      if (scheme !== 'app') throw new Error(`the stand-in serves app: only, not ${scheme}:`);
      void context.then((ready) =>
        ready.route(isPageUrl, async (route, request) => {
          const { url, method } = { url: toAppUrl(request.url()), method: request.method() };
          const response = await respond({ url, method });
          await route.fulfill({
            status: response.status,
            headers: Object.fromEntries(response.headers),
            body: Buffer.from(await response.arrayBuffer()),
          });
        }),
      );
    },
  };

  class BrowserWindow extends StandinWindow {
    static getFocusedWindow(): StandinWindow | null {
      return windows.at(-1) ?? null;
    }
    constructor(options: StandinWindowOptions) {
      super(options, context, ipcMain);
      windows.push(this);
      app.emit('web-contents-created', {}, this.webContents);
      this.once('closed', () => {
        windows.splice(windows.indexOf(this), 1);
        if (windows.length === 0) app.emit('window-all-closed');
      });
    }
  }

  return {
    app,
    ipcMain,
    windows,
    dialogAnswers,
    menu: () => menu,
    permissions,
    sandboxed: () => sandboxed,
    module: {
      app,
      BrowserWindow,
      ipcMain,
      protocol,
      nativeTheme: { shouldUseDarkColors: false },
      session: {
        defaultSession: {
          protocol,
          setPermissionRequestHandler: (handler: PermissionHandler) => {
            permissions.request = handler;
          },
          setPermissionCheckHandler: (handler: (contents: unknown, permission: string) => boolean) => {
            permissions.check = handler;
          },
          setDevicePermissionHandler: (handler: () => boolean) => {
            permissions.device = handler;
          },
        },
      },
      Menu: {
        buildFromTemplate: (template: readonly MenuEntry[]) => template,
        setApplicationMenu: (given: readonly MenuEntry[]) => {
          menu = given;
        },
      },
      MessageChannelMain: class {
        constructor() {
          Object.assign(this, StandinPort.pair());
        }
      },
      dialog: {
        showOpenDialog: async () => {
          if (dialogAnswers.length === 0) throw new Error('a dialog nobody expected');
          const path = dialogAnswers.shift();
          return { canceled: path === undefined, filePaths: path === undefined ? [] : [path] };
        },
        showSaveDialog: async () => {
          if (dialogAnswers.length === 0) throw new Error('a dialog nobody expected');
          const path = dialogAnswers.shift();
          return { canceled: path === undefined, filePath: path ?? '' };
        },
      },
    },
  };
}
