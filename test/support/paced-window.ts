import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type LaunchedWindow, type LaunchOptions, launchWindow, waitForIdle } from './launch-window.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A window that records, and a kernel that says what the test has it say, when the test has it say it. */
export interface PacedWindow extends LaunchedWindow {
  /** The kernel prints these lines, and the window has shown so many events in all. */
  say(text: string, events: number): Promise<void>;
  /** The kernel prints these lines; nothing is waited for. */
  print(text: string): Promise<void>;
  /** Ends the recording and waits until it is one like any other. */
  stop(): Promise<void>;
}

/** Opens a window, presses Record, and waits until the window waits for the first event. */
export async function launchPaced(options: Omit<LaunchOptions, 'script'>): Promise<PacedWindow> {
  const folder = join(await temporaryFolder(), 'pieces');
  await mkdir(folder);
  const steps = [{ hello: {} }, { pieces: folder }, { until: 'stop' }, { bye: ['stop', 'removed'] }];
  const window = await launchWindow({ ...options, script: { steps } });
  const { page } = window;
  let piece = 0;
  const print = async (text: string) => {
    const path = join(folder, String(++piece));
    // It is there as a whole or not at all.
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  };
  await page.keyboard.press('Shift+R');
  await page.getByText('waiting for the first module event').waitFor();
  await waitForIdle(page);
  return {
    ...window,
    print,
    async say(text, events) {
      await print(text);
      await showsEvents(page, events);
    },
    async stop() {
      await page.keyboard.press('Shift+R');
      await page.getByRole('button', { name: 'Follow' }).waitFor({ state: 'detached' });
      await waitForIdle(page);
    },
  };
}

/** Waits until the window shows so many events, and everything that follows from them. */
export async function showsEvents(page: Page, events: number): Promise<void> {
  const text = `${events.toLocaleString('en-US')} event${events === 1 ? '' : 's'}`;
  await page.locator('.recording-facts').getByText(text, { exact: true }).waitFor();
  await waitForIdle(page);
}
