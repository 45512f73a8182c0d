import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { Step } from '../support/script-capture.ts';
import type { GrowingResult, LargeGrowingResult } from './bench-result.ts';
import { generateRecording } from './generate-recording.ts';
import { inScriptedWindow } from './in-scripted-window.ts';
import { quantile } from './quantile.ts';

const EVENTS = 40;
/** The most that is shown is five million. */
const LARGE = [1_000_000, 4_990_000];
const STORM = { storm: 100_000, perSecond: 10_000 };

interface NotedPage {
  /** When a task stood in the list, and when so many events were shown, and accounted for, on the wall clock. */
  shown: Map<string, number>;
  readonly blocks: number[];
  /** Events that are shown and accounted for. */
  accounted: number;
}

/** Records in a real browser what a scripted kernel says: single events, and then a storm. */
export async function measureGrowing(): Promise<GrowingResult> {
  const delays = await whileRecording(
    (folder) => [{ hello: {} }, { pieces: folder }, { until: 'stop' }, { bye: ['stop', 'removed'] }],
    async (page, folder) => (await printOneByOne(page, folder, EVENTS, { before: 0, pieces: 0 })).map(({ row }) => row),
  );
  const blocks = await whileRecording(
    () => [{ hello: {} }, STORM, { until: 'stop' }, { bye: ['stop', 'removed'] }],
    async (page) => {
      await shownAt(page, `${STORM.storm} events`);
      return page.evaluate(() => (window as unknown as NotedPage).blocks);
    },
  );
  const large: LargeGrowingResult[] = [];
  for (const events of LARGE) large.push(await measureLarge(events));
  return {
    eventToScreenP50Ms: quantile(delays, 0.5),
    eventToScreenP95Ms: quantile(delays, 0.95),
    longestBlockMs: Math.max(0, ...blocks),
    large,
  };
}

/** How long each of some events takes to be in the list, and to be accounted for. Milliseconds. */
interface Delay {
  readonly row: number;
  readonly accounted: number;
}

/** Prints one event after the other, each when the one before is shown and accounted for. */
async function printOneByOne(
  page: Page,
  folder: string,
  count: number,
  { before, pieces }: { readonly before: number; readonly pieces: number },
): Promise<readonly Delay[]> {
  const delays: Delay[] = [];
  for (let event = 1; event <= count; event++) {
    const stamp = (900_000 + event).toFixed(6).padStart(14);
    const line = `            cat-${700 + event}     [000] .....${stamp}: module_get: tun_of_cat call_site=chrdev_open refcnt=${event + 1}\n`;
    writePiece(folder, pieces + event, line);
    const printed = Date.now();
    const row = (await shownAt(page, `cat-${700 + event}`)) - printed;
    const accounted = (await shownAt(page, `${before + event} accounted`)) - printed;
    delays.push({ row, accounted });
  }
  return delays;
}

/** A piece is there as a whole or not at all. */
function writePiece(folder: string, piece: number, text: string | Uint8Array): void {
  writeFileSync(`${folder}/${piece}.new`, text);
  renameSync(`${folder}/${piece}.new`, `${folder}/${piece}`);
}

async function measureLarge(events: number): Promise<LargeGrowingResult> {
  const delays = await whileRecording(
    (folder) => [{ hello: {} }, { pieces: folder }, { until: 'stop' }, { bye: ['stop', 'removed'] }],
    async (page, folder) => {
      let pieces = 0;
      generateRecording({ events }, (chunk) => writePiece(folder, ++pieces, chunk));
      await page.waitForFunction((least) => (window as unknown as NotedPage).accounted >= least, events);
      const before = await page.evaluate(() => (window as unknown as NotedPage).accounted);
      return printOneByOne(page, folder, events > 2_000_000 ? EVENTS / 8 : EVENTS / 2, { before, pieces });
    },
  );
  const [rows, accounts] = [delays.map(({ row }) => row), delays.map(({ accounted }) => accounted)];
  return {
    events,
    rowP50Ms: quantile(rows, 0.5),
    rowP95Ms: quantile(rows, 0.95),
    accountedP50Ms: quantile(accounts, 0.5),
    accountedP95Ms: quantile(accounts, 0.95),
  };
}

function whileRecording<T>(
  steps: (folder: string) => readonly Step[],
  measure: (page: Page, folder: string) => Promise<T>,
): Promise<T> {
  const piecesOf = (folder: string) => `${folder}/pieces`;
  const prepare = (folder: string) => {
    mkdirSync(piecesOf(folder));
    return { steps: steps(piecesOf(folder)) };
  };
  return inScriptedWindow(prepare, [], noteGrowth, async ({ page, folder }) => {
    await page.evaluate(() => void (window as unknown as NotedPage).blocks.splice(0));
    await page.keyboard.press('Shift+R');
    return measure(page, piecesOf(folder));
  });
}

async function shownAt(page: Page, what: string): Promise<number> {
  const handle = await page.waitForFunction((it) => (window as unknown as NotedPage).shown.get(it), what);
  return (await handle.jsonValue()) ?? Number.NaN;
}

/** Runs in the page before anything else does. */
function noteGrowth(): void {
  const noted: NotedPage = { shown: new Map(), blocks: [], accounted: 0 };
  Object.assign(window, noted);
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) noted.blocks.push(duration);
  });
  observer.observe({ type: 'longtask' });
  const look = () => {
    const facts = document.querySelector('.recording-facts')?.textContent ?? '';
    const events = `${/([\d,]+) event/.exec(facts)?.[1]?.replaceAll(',', '')} events`;
    const listed = document.querySelector('.events-grid')?.textContent?.match(/cat-\d{3}/g) ?? [];
    const isBehind = (document.querySelector('.growth-lag')?.textContent ?? '') !== '';
    const accounted = isBehind ? [] : [events.replace('events', 'accounted')];
    if (!isBehind) (window as unknown as NotedPage).accounted = Number.parseInt(events, 10) || 0;
    for (const what of [events, ...accounted, ...listed]) if (!noted.shown.has(what)) noted.shown.set(what, Date.now());
    requestAnimationFrame(look);
  };
  look();
}
