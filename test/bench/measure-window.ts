import type { Page } from 'playwright-core';
import type { GesturesResult, OpeningResult } from './bench-result.ts';
import { type BenchPage, inWindow } from './in-window.ts';
import { quantile } from './quantile.ts';

const FRAMES = 150;
const TRACKS = 10;

/**
 * Without them every frame takes at least the 16.7 ms of the screen, and a faster one is not told from a slower one. Not
 * while opening: what moves on the page then is painted as often as can be, and takes the time from what is measured.
 */
export const AS_FAST_AS_CAN_BE = ['--disable-gpu-vsync', '--disable-frame-rate-limit'];

/** Opens a recording in a real browser over the loopback host, as `modshark FILE` does. */
export function measureOpening(recording: string): Promise<OpeningResult> {
  return inWindow(recording, [], async (page, browser) => {
    const { rowsAt, shownAt, blocks } = await page.evaluate(() => (window as unknown as BenchPage).openingNotes);
    return { chromium: browser.version(), shownMs: rowsAt!, openMs: shownAt!, longestBlockMs: Math.max(0, ...blocks) };
  });
}

/** Pans and zooms an open recording, and scrolls its list of events. */
export async function measureGestures(recording: string): Promise<GesturesResult> {
  const { zoom, pan, list } = await inWindow(recording, AS_FAST_AS_CAN_BE, async (page) => {
    await showTracks(page, TRACKS);
    return {
      zoom: await page.evaluate(timeGesture, { over: '.track-canvas', frames: FRAMES, deltaX: 0, deltaY: 40 }),
      pan: await page.evaluate(timeGesture, { over: '.track-canvas', frames: FRAMES, deltaX: 25, deltaY: 0 }),
      // Five rows a frame, up from the last event, which is where a recording opens.
      list: await page.evaluate(timeGesture, { over: '.events-grid', frames: FRAMES, deltaX: 0, deltaY: 120 }),
    };
  });
  return {
    panP50Ms: quantile(pan, 0.5),
    panP95Ms: quantile(pan, 0.95),
    zoomP50Ms: quantile(zoom, 0.5),
    zoomP95Ms: quantile(zoom, 0.95),
    listP50Ms: quantile(list, 0.5),
    listP95Ms: quantile(list, 0.95),
  };
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
export async function timeGesture({
  over,
  frames,
  deltaX,
  deltaY,
}: {
  over: string;
  frames: number;
  deltaX: number;
  deltaY: number;
}): Promise<number[]> {
  const area = document.querySelector(over)!;
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
