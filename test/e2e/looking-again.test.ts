import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { withRefcounts } from '../support/edit-snapshot.ts';
import { windowHosts } from '../support/launch-window.ts';
import { answer, footer, lookAgain, names, openSystem, row, withoutXorg } from './drive-this-system.ts';
import { selectModule, settled, told } from './drive-window.ts';

const node = (page: Page, name: string) => page.getByRole('button', { name });

/** What the document says of itself when somebody looks at another tab, or comes back. */
async function turn(page: Page, visibility: 'hidden' | 'visible'): Promise<void> {
  await page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, visibility);
}

describe.each(windowHosts)('reading while the window looks again on %s', (host) => {
  test('who comes into the graph moves nothing that somebody looks at', async () => {
    const window = await openSystem(host, 'graphical-session', ...withoutXorg);
    const { page } = window;
    await selectModule(page, 'vkms');
    await page.getByRole('tab', { name: 'Holder graph' }).click();
    await settled(page);
    await page.getByRole('button', { name: 'Zoom out of the graph' }).click();
    await settled(page);
    const before = await node(page, 'vkms, module').boundingBox();
    expect(await node(page, 'Xorg').count()).toBe(0);
    await answer(window, 'graphical-session');
    await lookAgain(page);
    expect(await node(page, 'Xorg').count()).toBe(1);
    const after = await node(page, 'vkms, module').boundingBox();
    expect(after!.x).toBeCloseTo(before!.x, 0);
    expect(after!.y).toBeCloseTo(before!.y, 0);
    expect(after!.width).toBeCloseTo(before!.width, 0);
    // Until it is asked for.
    await page.getByRole('button', { name: 'Fit the graph' }).click();
    await settled(page);
    expect((await node(page, 'vkms, module').boundingBox())!.width).not.toBeCloseTo(after!.width, 0);
  });

  test('what was opened, searched and selected stays so', async () => {
    const window = await openSystem(host, 'graphical-session');
    const { page } = window;
    await page.getByRole('searchbox', { name: 'Search modules' }).fill('softd');
    await selectModule(page, 'softdog');
    const ways = page.locator('.plan-others').first();
    await ways.locator('summary').click();
    const place = await page.locator('.holders-body').evaluate((body) => {
      body.scrollTop = 60;
      return body.scrollTop;
    });
    await answer(window, 'graphical-session', withRefcounts({ softdog: 4 }));
    await lookAgain(page);
    expect(await told.holders(page)).toContain('softdog 4 = ');
    expect(await ways.evaluate((details) => (details as HTMLDetailsElement).open)).toBe(true);
    expect(await page.locator('.holders-body').evaluate((body) => body.scrollTop)).toBe(place);
    expect(await names(page)).toEqual(['softdog']);
    expect(await page.getByRole('searchbox', { name: 'Search modules' }).inputValue()).toBe('softd');
  });

  test('a look that fails says why, what is shown then says how old it is, and the next one that succeeds ends that', async () => {
    const window = await openSystem(host, 'graphical-session');
    const { page, userFolder } = window;
    await selectModule(page, 'vkms');
    await writeFile(join(userFolder, 'look.frames'), 'nonsense');
    await lookAgain(page);
    expect(await footer(page)).toContain('The system could not be looked at.');
    expect(await footer(page)).toMatch(/What is shown was seen \d+ s ago\./);
    expect(await page.locator('.panel-holders .panel-head').innerText()).toMatch(/seen\s+\d+ s ago/);
    expect(await told.holders(page)).toContain('Xorg-118');
    await answer(window, 'graphical-session');
    await lookAgain(page);
    expect(await footer(page)).not.toContain('could not be looked at');
    expect(await page.locator('.panel-holders .panel-head').innerText()).toMatch(/now/);
  });

  test('a window that was hidden for long is up to date as soon as it is seen', async () => {
    const window = await openSystem(host, 'graphical-session', ...withoutXorg);
    const { page } = window;
    await turn(page, 'hidden');
    // The look that it was about to take is the last one.
    await page.locator('.look-facts').getByText('changes since').waitFor({ timeout: 15_000 });
    await settled(page);
    await answer(window, 'graphical-session');
    await turn(page, 'visible');
    await row(page, 'vkms').getByText('+1').waitFor();
  });
});
