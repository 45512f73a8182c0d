import type { Page } from 'playwright-core';
import { createElectron, type StandinElectron } from './electron-standin/create-electron.ts';
import { runMainBundle } from './electron-standin/run-main-bundle.ts';
import { launchBrowser } from './launch-browser.ts';
import type { Desktop, Launched, LaunchOptions } from './launch-window.ts';
import { appRoot, mainBundle, scriptedMain } from './project-paths.ts';

/** A window over the stand-in, with the stand-in itself for tests of what only Electron has. */
export interface LaunchedStandin extends Launched {
  readonly electron: StandinElectron;
  /** What the main process wrote to stderr. */
  readonly complaints: readonly string[];
}

/** Runs the built main and preload bundles over the stand-in of `electron`. */
export async function launchStandin(
  options: LaunchOptions,
  env: NodeJS.ProcessEnv,
  watch: (page: Page) => void,
): Promise<LaunchedStandin> {
  const launching = launchBrowser(options);
  const electron = createElectron(
    launching.then(({ context }) => context),
    appRoot,
  );
  const { browser, context } = await launching;
  context.on('page', watch);
  const complaints: string[] = [];
  runMainBundle(options.script === undefined ? mainBundle : scriptedMain, {
    electron: electron.module,
    argv: ['electron', appRoot, '--', ...(options.files ?? [])],
    env,
    complain: (message) => complaints.push(message),
  });
  const page = await context.waitForEvent('page');
  return { page, electron, complaints, desktop: desktopOf(electron), close };

  async function close(): Promise<void> {
    const quit = new Promise((resolve) => electron.app.once('quit', resolve));
    await Promise.all(electron.windows.map((window) => window.close()));
    await quit;
    await browser.close();
  }
}

function desktopOf(electron: StandinElectron): Desktop {
  return {
    async answerDialog(path) {
      electron.dialogAnswers.push(path);
    },
    async clickMenu(id) {
      const entry = electron
        .menu()
        .flatMap(({ submenu }) => submenu ?? [])
        .find((item) => item.id === id);
      if (!entry?.click) throw new Error(`no menu entry ${id}`);
      entry.click();
    },
    async startAgain(files) {
      electron.app.emit('second-instance', {}, [], '', { files });
    },
  };
}
