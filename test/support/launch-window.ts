import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findElectron } from '../../electron/cli/find-electron.ts';
import { launchElectron } from './launch-electron.ts';
import { launchLoopback } from './launch-loopback.ts';
import { launchStandin } from './launch-standin.ts';
import { appRoot } from './project-paths.ts';
import { type CaptureScript, scriptVariable } from './scripted-window/scripted-means.ts';
import { watchPage } from './watch-page.ts';

/**
 * `loopback`: the command `modshark serve` and a browser. `standin`: Electron's main and preload bundles over the
 * stand-in of the `electron` module. `electron`: the real one.
 */
export type WindowHost = 'loopback' | 'standin' | 'electron';

/** The hosts that can be tested here: `describe.each(windowHosts)`. */
export const windowHosts: readonly WindowHost[] = [
  'loopback',
  'standin',
  ...(findElectron(appRoot) === undefined ? [] : (['electron'] as const)),
];

export interface LaunchOptions {
  readonly host: WindowHost;
  /** Given on the command line; absolute paths. */
  readonly files?: readonly string[];
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** Device pixels for each CSS pixel. */
  readonly scale?: number;
  /** The user's folders of an earlier window (`userFolder`), to start again with what it remembered. */
  readonly userFolder?: string;
  /** Loopback: more than one page at a time. */
  readonly shared?: boolean;
  /** Loopback: no file that the program writes may be longer, as on a disk that is full. */
  readonly longestFile?: number;
  /** Scroll bars have a place, as on a desktop; Playwright leaves them out. */
  readonly scrollBars?: boolean;
  /** Records with the scripted helper: what it does stands in `script.json` of the window's user folder. */
  readonly script?: CaptureScript;
}

/** A ModShark window under test, idle. */
export interface LaunchedWindow {
  readonly page: Page;
  /** Stands for the user's home: settings and recent files. Removed on `close` unless it was given. */
  readonly userFolder: string;
  /** Console errors and warnings, page errors and refusals of the content policy so far. `close` fails on any. */
  readonly problems: readonly string[];
  /** Takes the problems that a test has provoked off the list, and returns them. */
  forgiveProblems(): readonly string[];
  /** The parts that only a desktop has; undefined on loopback. */
  readonly desktop: Desktop | undefined;
  /** Loopback: the same window on one more page, idle, in a tab of its own. */
  openAnother(): Promise<LaunchedWindow>;
  /** Ends the program and fails if the page had problems. */
  close(): Promise<void>;
}

export interface Desktop {
  /** What the next native dialog answers; undefined dismisses it. */
  answerDialog(path: string | undefined): Promise<void>;
  clickMenu(id: string): Promise<void>;
  /** Starts the program a second time while it runs. */
  startAgain(files: readonly string[]): Promise<void>;
}

/** What each way of launching gives. */
export interface Launched {
  readonly page: Page;
  readonly desktop: Desktop | undefined;
  /** Where the page is served; undefined where only the program itself opens one. */
  readonly address?: string;
  close(): Promise<void>;
}

/** Opens a window with a user's folder of its own, and waits until it is idle. */
export async function launchWindow(options: LaunchOptions): Promise<LaunchedWindow> {
  const userFolder = options.userFolder ?? (await mkdtemp(join(tmpdir(), 'modshark-user-')));
  const launch = { loopback: launchLoopback, standin: launchStandin, electron: launchElectron }[options.host];
  if (options.script !== undefined) await writeScript(userFolder, options.script);
  const problems: string[] = [];
  const launched = await launch(options, userEnvironment(userFolder), (page) => watchPage(page, problems));
  const close = async () => {
    await launched.close();
    if (options.userFolder === undefined) await rm(userFolder, { recursive: true, force: true });
  };
  try {
    await waitForIdle(launched.page);
  } catch (error) {
    await close();
    throw new Error(`the window did not become idle: ${problems.join('\n')}`, { cause: error });
  }
  const window: LaunchedWindow = {
    page: launched.page,
    userFolder,
    problems,
    forgiveProblems: () => problems.splice(0),
    desktop: launched.desktop,
    async openAnother() {
      if (launched.address === undefined) throw new Error('only a server shows its window twice');
      const page = await launched.page.context().newPage();
      watchPage(page, problems);
      await page.goto(launched.address);
      await waitForIdle(page);
      return { ...window, page };
    },
    async close() {
      await close();
      if (problems.length > 0) throw new Error(`the page had problems:\n${problems.join('\n')}`);
    },
  };
  return window;
}

/** What the next recording of a scripted window does. */
export async function writeScript(userFolder: string, script: CaptureScript): Promise<void> {
  // The host reads it whenever it likes, so it must never be half of one.
  await writeFile(join(userFolder, 'next-script.json'), JSON.stringify(script));
  await rename(join(userFolder, 'next-script.json'), join(userFolder, 'script.json'));
}

/** Waits until nothing loads, is asked, or waits to be drawn. */
export async function waitForIdle(page: Page): Promise<void> {
  await page.waitForSelector('html[data-state="idle"]', { state: 'attached', timeout: 30_000 });
}

/** An environment in which everything of the user's is in one folder. */
export function userEnvironment(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    HOME: folder,
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    [scriptVariable]: folder,
  };
}
