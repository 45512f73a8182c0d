import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Browser, Page } from 'playwright-core';
import { startServe } from '../support/start-serve.ts';
import { launchBenchBrowser } from './launch-bench-browser.ts';

/** For the largest recording on a machine that others use as well. Milliseconds. */
export const LONGEST_WAIT = 300_000;

/** What the page writes down about its own opening. */
export interface OpeningNotes {
  /** Of tasks that blocked the window's thread for 50 ms or more; Chromium reports no shorter ones. */
  readonly blocks: number[];
  /** When refcounts and rows were shown, since the page began. */
  rowsAt: number | undefined;
  /** When nothing was left to do, too. */
  shownAt: number | undefined;
}

export interface BenchPage {
  openingNotes: OpeningNotes;
}

/** Starts host and browser, waits until the recording is shown, measures, and ends both. */
export async function inWindow<T>(
  recording: string,
  flags: readonly string[],
  measure: (page: Page, browser: Browser) => Promise<T>,
): Promise<T> {
  const browser = await launchBenchBrowser(flags);
  const home = mkdtempSync(`${tmpdir()}/modshark-bench-`);
  const served = await startServe([recording], {
    ...process.env,
    HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_STATE_HOME: home,
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    page.setDefaultTimeout(LONGEST_WAIT);
    const broken = new Promise<never>((_, reject) => page.on('pageerror', reject));
    broken.catch(() => {});
    await page.addInitScript(noteOpening);
    await page.goto(served.address);
    const shown = page.waitForFunction(
      () => (window as unknown as BenchPage).openingNotes.shownAt !== undefined,
      undefined,
      {
        polling: 50,
      },
    );
    await Promise.race([shown, broken]);
    return await measure(page, browser);
  } finally {
    await browser.close();
    await served.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Runs in the page before anything else does. */
function noteOpening(): void {
  const notes: OpeningNotes = { blocks: [], rowsAt: undefined, shownAt: undefined };
  (window as unknown as BenchPage).openingNotes = notes;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) if (notes.shownAt === undefined) notes.blocks.push(duration);
  });
  observer.observe({ type: 'longtask', buffered: true });
  const look = () => {
    const idle = document.querySelector('html[data-state="idle"]') !== null;
    const drawn = document.querySelector('.track-canvas canvas') !== null;
    const listed = document.querySelector('.events-grid [role="row"] [role="gridcell"]') !== null;
    if (drawn && listed) notes.rowsAt ??= performance.now();
    if (idle && drawn) notes.shownAt = performance.now();
    else requestAnimationFrame(look);
  };
  look();
}
