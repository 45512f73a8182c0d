import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { chromium, type Page } from 'playwright-core';
import { findAppBrowser } from '../../electron/cli/find-browser.ts';
import { writeScript } from '../support/launch-window.ts';
import { scriptedServe } from '../support/project-paths.ts';
import type { Step } from '../support/script-capture.ts';
import { scriptVariable } from '../support/scripted-window/scripted-means.ts';
import { startServe } from '../support/start-serve.ts';
import type { GrowingResult } from './bench-result.ts';
import { LONGEST_WAIT } from './in-window.ts';
import { quantile } from './quantile.ts';

const EVENTS = 40;
const STORM = { storm: 100_000, perSecond: 10_000 };

interface NotedPage {
  /** When a task stood in the list of events, and when so many events were shown, on the wall clock. */
  shown: Map<string, number>;
  readonly blocks: number[];
}

/** Records in a real browser what a scripted kernel says: single events, and then a storm. */
export async function measureGrowing(): Promise<GrowingResult> {
  const delays = await whileRecording(
    (folder) => [{ hello: {} }, { pieces: folder }, { until: 'stop' }, { bye: ['stop', 'removed'] }],
    async (page, folder) => {
      const times: number[] = [];
      for (let event = 1; event <= EVENTS; event++) {
        const line = `            cat-${700 + event}     [000] .....   ${100 + event}.000000: module_get: tun call_site=chrdev_open refcnt=${event + 1}\n`;
        writeFileSync(`${folder}/${event}.new`, line);
        const printed = Date.now();
        renameSync(`${folder}/${event}.new`, `${folder}/${event}`);
        times.push((await shownAt(page, `cat-${700 + event}`)) - printed);
      }
      return times;
    },
  );
  const blocks = await whileRecording(
    () => [{ hello: {} }, STORM, { until: 'stop' }, { bye: ['stop', 'removed'] }],
    async (page) => {
      await shownAt(page, `${STORM.storm} events`);
      return page.evaluate(() => (window as unknown as NotedPage).blocks);
    },
  );
  return {
    eventToScreenP50Ms: quantile(delays, 0.5),
    eventToScreenP95Ms: quantile(delays, 0.95),
    longestBlockMs: Math.max(0, ...blocks),
  };
}

async function whileRecording<T>(
  steps: (folder: string) => readonly Step[],
  measure: (page: Page, folder: string) => Promise<T>,
): Promise<T> {
  const executablePath = findAppBrowser(process.env);
  if (executablePath === undefined) throw new Error('no Chromium or Chrome found; --no-window leaves the browser out');
  const home = mkdtempSync(`${tmpdir()}/modshark-bench-`);
  const pieces = `${home}/pieces`;
  mkdirSync(pieces);
  await writeScript(home, { steps: steps(pieces) });
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_STATE_HOME: home, [scriptVariable]: home };
  const served = await startServe([], env, scriptedServe);
  const browser = await chromium.launch({
    executablePath,
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    page.setDefaultTimeout(LONGEST_WAIT);
    await page.addInitScript(noteGrowth);
    await page.goto(served.address);
    await page.waitForSelector('html[data-state="idle"]', { state: 'attached' });
    await page.evaluate(() => void (window as unknown as NotedPage).blocks.splice(0));
    await page.keyboard.press('Shift+R');
    return await measure(page, pieces);
  } finally {
    await browser.close();
    await served.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function shownAt(page: Page, what: string): Promise<number> {
  const handle = await page.waitForFunction((it) => (window as unknown as NotedPage).shown.get(it), what);
  return (await handle.jsonValue()) ?? Number.NaN;
}

/** Runs in the page before anything else does. */
function noteGrowth(): void {
  const noted: NotedPage = { shown: new Map(), blocks: [] };
  Object.assign(window, noted);
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) noted.blocks.push(duration);
  });
  observer.observe({ type: 'longtask' });
  const look = () => {
    const facts = document.querySelector('.recording-facts')?.textContent ?? '';
    const events = `${/([\d,]+) event/.exec(facts)?.[1]?.replaceAll(',', '')} events`;
    const listed = document.querySelector('.events-grid')?.textContent?.match(/cat-\d{3}/g) ?? [];
    for (const what of [events, ...listed]) if (!noted.shown.has(what)) noted.shown.set(what, Date.now());
    requestAnimationFrame(look);
  };
  look();
}
