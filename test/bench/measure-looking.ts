import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { type Crowd, writeCrowd } from '../support/write-crowd.ts';
import type { LookingResult } from './bench-result.ts';
import { inScriptedWindow } from './in-scripted-window.ts';
import { AS_FAST_AS_CAN_BE, timeGesture } from './measure-window.ts';
import { quantile } from './quantile.ts';

const LOOKS = 6;
const FRAMES = 150;

/**
 * Looks at a crowded system again and again in a real browser, through the reader and the analysis that every look goes
 * through, while somebody scrolls the list of modules and types into its search.
 *
 * @param look a look of a real kernel, which the crowd is put into
 */
export async function measureLooking(look: string, crowd: Crowd): Promise<LookingResult> {
  const frames = writeCrowd(readFileSync(look), crowd);
  const prepare = (folder: string) => {
    writeFileSync(`${folder}/look.frames`, frames);
    return { steps: [] };
  };
  const pieces = await inScriptedWindow(prepare, [], ignore, async ({ page, browser }) => {
    await openSystem(page);
    await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
    const times: number[] = [];
    for (let i = 0; i < LOOKS; i++) times.push(await lookAgain(page));
    const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: BrowserEvent[] };
    return {
      lookMs: quantile(times, 0.5),
      longestBlockMs: longestTask(traceEvents, 'CrRendererMain'),
      longestPieceMs: longestTask(traceEvents, 'DedicatedWorker'),
    };
  });
  const gestures = await inScriptedWindow(prepare, AS_FAST_AS_CAN_BE, ignore, async ({ page }) => {
    await openSystem(page);
    await page.evaluate(lookOnAndOn);
    const gesture = { over: '.present-grid', frames: FRAMES, deltaX: 0, deltaY: 120 };
    return {
      scroll: await page.evaluate(timeGesture, gesture),
      typing: await page.evaluate(timeTyping, { into: '.modules-search input', frames: FRAMES }),
    };
  });
  return {
    ...crowd,
    ...pieces,
    scrollP95Ms: quantile(gestures.scroll, 0.95),
    typingP95Ms: quantile(gestures.typing, 0.95),
  };
}

function ignore(): void {}

/** Of Chromium's own trace. */
interface BrowserEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Processor time of the thread in microseconds. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/**
 * The longest that threads of a name worked at one task, in milliseconds of processor time: the clock on the wall also
 * counts what others do on the machine.
 */
function longestTask(events: readonly BrowserEvent[], thread: string): number {
  const idOf = ({ pid, tid }: BrowserEvent) => `${pid} ${tid}`;
  const named = events.filter(({ name, args }) => name === 'thread_name' && args.name?.startsWith(thread) === true);
  const threads = new Set(named.map(idOf));
  const tasks = events.filter((event) => event.name.endsWith('RunTask') && threads.has(idOf(event)));
  if (tasks.length === 0) throw new Error(`the browser's trace tells nothing of ${thread}`);
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000;
}

/** Shows this system. */
async function openSystem(page: Page): Promise<void> {
  await page.keyboard.press('l');
  await page.waitForSelector('.present-grid', { state: 'attached' });
  await idle(page);
}

async function lookAgain(page: Page): Promise<number> {
  // One that it began by itself comes first.
  await idle(page);
  const start = Date.now();
  await page.keyboard.press('u');
  await idle(page);
  return Date.now() - start;
}

function idle(page: Page) {
  return page.waitForSelector('html[data-state="idle"]', { state: 'attached' });
}

/** Runs in the page: a look follows the other without rest. */
function lookOnAndOn(): void {
  const again = document.querySelector<HTMLButtonElement>('button[aria-label="Look again"]')!;
  setInterval(() => again.click(), 20);
}

/** Runs in the page: a letter more, or all taken away, once a frame. */
async function timeTyping({ into, frames }: { into: string; frames: number }): Promise<number[]> {
  const field = document.querySelector<HTMLInputElement>(into)!;
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!;
  const word = 'crowd_0';
  const times: number[] = [];
  for (let frame = 0; frame < frames; frame++) {
    const start = performance.now();
    set.call(field, word.slice(0, frame % (word.length + 1)));
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise<void>((resolve) =>
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve();
        channel.port2.postMessage(undefined);
      }),
    );
    times.push(performance.now() - start);
  }
  return times;
}
