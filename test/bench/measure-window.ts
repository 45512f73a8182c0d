import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findAppBrowser } from '../../electron/cli/find-browser.ts';
import { startServe } from '../support/start-serve.ts';
import type { WindowResult } from './bench-result.ts';
import { quantile } from './quantile.ts';

/** What the page writes down about its own opening. */
interface OpeningNotes {
  /** Of tasks that blocked the window's thread for 50 ms or more; Chromium reports no shorter ones. */
  readonly blocks: number[];
  /** When the timeline was painted and nothing was left to do, since the page began. */
  shownAt: number | undefined;
}

interface BenchPage {
  openingNotes: OpeningNotes;
}

const FRAMES = 150;
const TRACKS = 10;

/**
 * Without them every frame takes at least the 16.7 ms of the screen, and a faster one is not told from a slower one. Not
 * while opening: what moves on the page then is painted as often as can be, and takes the time from what is measured.
 */
const AS_FAST_AS_CAN_BE = ['--disable-gpu-vsync', '--disable-frame-rate-limit'];

/** Opens a recording in a real browser over the loopback host, as `modshark FILE` does; in another, pans and zooms. */
export async function measureWindow(recording: string): Promise<{ result: WindowResult; chromium: string }> {
  const opening = await inWindow(recording, [], async (page, browser) => ({
    chromium: browser.version(),
    notes: await page.evaluate(() => (window as unknown as BenchPage).openingNotes),
  }));
  const { zoom, pan } = await inWindow(recording, AS_FAST_AS_CAN_BE, async (page) => {
    await showTracks(page, TRACKS);
    return {
      zoom: await page.evaluate(timeGesture, { frames: FRAMES, deltaX: 0, deltaY: 40 }),
      pan: await page.evaluate(timeGesture, { frames: FRAMES, deltaX: 25, deltaY: 0 }),
    };
  });
  return {
    chromium: opening.chromium,
    result: {
      openMs: opening.notes.shownAt!,
      longestBlockMs: Math.max(0, ...opening.notes.blocks),
      panP50Ms: quantile(pan, 0.5),
      panP95Ms: quantile(pan, 0.95),
      zoomP50Ms: quantile(zoom, 0.5),
      zoomP95Ms: quantile(zoom, 0.95),
    },
  };
}

/** Starts host and browser, waits until the recording is shown, measures, and ends both. */
async function inWindow<T>(
  recording: string,
  flags: readonly string[],
  measure: (page: Page, browser: Browser) => Promise<T>,
): Promise<T> {
  const executablePath = findAppBrowser(process.env);
  if (executablePath === undefined) throw new Error('no Chromium or Chrome found; --no-window leaves the browser out');
  const home = mkdtempSync(`${tmpdir()}/modshark-bench-`);
  const served = await startServe([recording], {
    ...process.env,
    HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_STATE_HOME: home,
  });
  const browser = await chromium.launch({
    executablePath,
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', ...flags],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    const broken = new Promise<never>((_, reject) => page.on('pageerror', reject));
    broken.catch(() => {});
    await page.addInitScript(noteOpening);
    await page.goto(served.address);
    const shown = page.waitForFunction(
      () => (window as unknown as BenchPage).openingNotes.shownAt !== undefined,
      undefined,
      {
        timeout: 300_000,
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
  const notes: OpeningNotes = { blocks: [], shownAt: undefined };
  (window as unknown as BenchPage).openingNotes = notes;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) if (notes.shownAt === undefined) notes.blocks.push(duration);
  });
  observer.observe({ type: 'longtask', buffered: true });
  const look = () => {
    const idle = document.querySelector('html[data-state="idle"]') !== null;
    if (idle && document.querySelector('.track-canvas canvas') !== null) notes.shownAt = performance.now();
    else requestAnimationFrame(look);
  };
  look();
}

/** Makes the window taller until a number of tracks is in view. */
async function showTracks(page: Page, tracks: number): Promise<void> {
  const { width } = page.viewportSize()!;
  for (let height = page.viewportSize()!.height; height <= 4000; height += 200) {
    await page.setViewportSize({ width, height });
    await page.waitForSelector('html[data-state="idle"]', { state: 'attached' });
    const inView = await page.evaluate(() => {
      const bottom = document.querySelector('.track-scroller')!.getBoundingClientRect().bottom;
      return [...document.querySelectorAll('.track-header')].filter(
        (header) => header.getBoundingClientRect().bottom <= bottom,
      ).length;
    });
    if (inView >= tracks) return;
  }
  throw new Error(`the window never showed ${tracks} tracks`);
}

/**
 * Runs in the page: turns the wheel once a frame, and takes the time from there until the frame it asked for is handed
 * to the compositor: event, React, worker's answers that came meanwhile, drawing and layout.
 */
async function timeGesture({
  frames,
  deltaX,
  deltaY,
}: {
  frames: number;
  deltaX: number;
  deltaY: number;
}): Promise<number[]> {
  const area = document.querySelector('.track-canvas')!;
  const box = area.getBoundingClientRect();
  const afterFrame = () =>
    new Promise<void>((resolve) =>
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve();
        channel.port2.postMessage(undefined);
      }),
    );
  const times: number[] = [];
  await afterFrame();
  for (let frame = 0; frame < frames; frame++) {
    // In and out again, so that every depth is seen.
    const back = Math.floor(frame / (frames / 3)) % 2 === 1 ? -1 : 1;
    const start = performance.now();
    area.dispatchEvent(
      new WheelEvent('wheel', {
        deltaX: deltaX * back,
        deltaY: -deltaY * back,
        clientX: box.left + box.width * 0.4,
        clientY: box.top + box.height / 2,
        bubbles: true,
        cancelable: true,
      }),
    );
    await afterFrame();
    times.push(performance.now() - start);
  }
  return times;
}
