import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { type LaunchedWindow, waitForIdle } from '../support/launch-window.ts';
import { appRoot } from '../support/project-paths.ts';

/** A recording of `test/fixtures/recordings`. */
export function fixture(path: string): string {
  return join(appRoot, 'test/fixtures/recordings', path);
}

/** Opens a sample of the start screen by the start of its name. */
export async function openSample(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).click();
  await settled(page);
}

/** Opens a file through `Open…`: the desktop's dialog where there is one, else the browser's. */
export async function openByDialog({ page, desktop }: LaunchedWindow, path: string): Promise<void> {
  const open = page.locator('.top-bar').getByRole('button', { name: 'Open…' });
  if (desktop === undefined) {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), open.click()]);
    await chooser.setFiles(path);
  } else {
    await desktop.answerDialog(path);
    await open.click();
  }
  await settled(page);
}

/** Lets a file fall on the window, as the desktop would. */
export async function drop(page: Page, path: string): Promise<void> {
  const bytes = (await readFile(path)).toString('base64');
  const transfer = await page.evaluateHandle(
    ({ name, content }) => {
      const bytesOf = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
      const dropped = new DataTransfer();
      dropped.items.add(new File([bytesOf], name));
      return dropped;
    },
    { name: basename(path), content: bytes },
  );
  await page.dispatchEvent('.app', 'drop', { dataTransfer: transfer });
  await settled(page);
}

/** Waits until what was set off has begun, and then until nothing is under way any more. */
export async function settled(page: Page): Promise<void> {
  // An input event has its effects within a frame, and whatever it starts makes the window busy.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await waitForIdle(page);
}

/** Presses a key and waits for what it does. */
export async function press(page: Page, key: string): Promise<void> {
  await page.keyboard.press(key);
  await settled(page);
}

/** Selects a module in the list of modules. */
export async function selectModule(page: Page, name: string): Promise<void> {
  await page
    .locator('.panel-modules [role=row]', { has: page.getByText(name, { exact: true }) })
    .first()
    .click();
  await settled(page);
}

/** What the window says, region by region. */
export const told = {
  holders: (page: Page) => page.locator('.panel-holders').innerText(),
  events: (page: Page) => page.locator('.events-grid').innerText(),
  topBar: (page: Page) => page.locator('.top-bar').innerText(),
  /** The cursor, as the recording prints its time. */
  cursor: async (page: Page) => (await page.locator('.holders-time').innerText()).replace(/^at /, ''),
  /** How much time is in view. */
  span: (page: Page) => page.locator('.timeline-span').innerText(),
  /** The selected module by the list, by the holders, and by the tracks. */
  selectedModule: async (page: Page) => ({
    list: await page.locator('.panel-modules [aria-selected=true] .module-name').innerText(),
    holders: await page.locator('.answer-module').innerText(),
    track: await page.locator('.track-name[aria-pressed=true] .track-name-text').innerText(),
  }),
};

/** The two edges of the visible window, in nanoseconds since the first event. */
export async function visibleWindow(page: Page): Promise<{ from: number; to: number }> {
  const edge = async (name: string) => Number(await page.getByRole('slider', { name }).getAttribute('aria-valuenow'));
  return { from: await edge('Start of the visible window'), to: await edge('End of the visible window') };
}

/** A point of the timeline's canvas: a part of its width, and pixels from its top. */
export async function pointOf(page: Page, part: number, y: number): Promise<{ x: number; y: number }> {
  const box = await page.locator('.track-canvas').boundingBox();
  if (box === null) throw new Error('there is no timeline');
  return { x: box.x + box.width * part, y: box.y + y };
}

/** What axe finds that is serious or critical, one line each. */
export async function faultsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
    );
}
