import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Browser, Page } from 'playwright-core';
import { writeScript } from '../support/launch-window.ts';
import { scriptedServe } from '../support/project-paths.ts';
import type { CaptureScript } from '../support/scripted-window/scripted-means.ts';
import { scriptVariable } from '../support/scripted-window/scripted-means.ts';
import { startServe } from '../support/start-serve.ts';
import { LONGEST_WAIT } from './in-window.ts';
import { launchBenchBrowser } from './launch-bench-browser.ts';

/** A window whose helper does what a script says. */
export interface ScriptedWindow {
  readonly page: Page;
  readonly browser: Browser;
  /** What the script may name: a folder that is removed afterwards. */
  readonly folder: string;
}

/**
 * Starts host and browser, waits until the window is idle, measures, and ends both.
 *
 * @param prepare what the helper does, once the folder is there
 * @param noteFirst runs in the page before anything else does
 */
export async function inScriptedWindow<T>(
  prepare: (folder: string) => CaptureScript,
  flags: readonly string[],
  noteFirst: () => void,
  measure: (window: ScriptedWindow) => Promise<T>,
): Promise<T> {
  const browser = await launchBenchBrowser(flags);
  const folder = mkdtempSync(`${tmpdir()}/modshark-bench-`);
  await writeScript(folder, prepare(folder));
  const env = {
    ...process.env,
    HOME: folder,
    XDG_CONFIG_HOME: folder,
    XDG_STATE_HOME: folder,
    [scriptVariable]: folder,
  };
  const served = await startServe([], env, scriptedServe);
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    page.setDefaultTimeout(LONGEST_WAIT);
    await page.addInitScript(noteFirst);
    await page.goto(served.address);
    await page.waitForSelector('html[data-state="idle"]', { state: 'attached' });
    return await measure({ page, browser, folder });
  } finally {
    await browser.close();
    await served.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
