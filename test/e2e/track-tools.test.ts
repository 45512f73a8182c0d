import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchedWindow, launchWindow, windowHosts } from '../support/launch-window.ts';
import { faultsOf, openSample, press, selectModule, settled, told } from './drive-window.ts';

const named = (page: Page) => page.locator('.track-name-text').allInnerTexts();

describe.each(windowHosts)('the tracks on %s', (host) => {
  let window: LaunchedWindow;
  let first: readonly string[];
  beforeAll(async () => {
    // Tall enough for every track to be in view.
    window = await launchWindow({ host, width: 1440, height: 1600 });
    await openSample(window.page, 'vkms-held-by-logind');
    first = await named(window.page);
  });
  afterAll(() => window.close());

  test('one is hidden, and comes back from the menu that counts it', async () => {
    const { page } = window;
    await selectModule(page, 'sysimgblt');
    await press(page, 'h');
    expect(await named(page)).toEqual(first.filter((name) => name !== 'sysimgblt'));
    await page.getByRole('button', { name: '1 hidden' }).click();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show sysimgblt' }).click();
    await settled(page);
    expect(await named(page)).toEqual(first);
    await press(page, 'Escape');
  });

  test('one is pinned on top, and unpinned', async () => {
    const { page } = window;
    await selectModule(page, 'sysimgblt');
    await press(page, 'i');
    expect((await named(page))[0]).toBe('sysimgblt');
    await press(page, 'i');
    expect(await named(page)).toEqual(first);
  });

  test('a pinned one stays in view while the others scroll beneath it, and is what is clicked there', async () => {
    const { page } = window;
    await page.setViewportSize({ width: 1440, height: 760 });
    await selectModule(page, 'sysimgblt');
    await press(page, 'i');
    const scroller = page.locator('.track-scroller');
    await scroller.evaluate((box) => box.scrollTo(0, box.scrollHeight));
    await settled(page);
    expect(await scroller.evaluate((box) => box.scrollTop)).toBeGreaterThan(40);
    const [header, canvas] = await Promise.all([
      page.locator('.track-header', { hasText: 'sysimgblt' }).boundingBox(),
      page.locator('.track-canvas').boundingBox(),
    ]);
    expect(header!.y - canvas!.y).toBe(28);
    await selectModule(page, 'drm');
    await page.mouse.click(canvas!.x + canvas!.width / 3, header!.y + 40);
    await settled(page);
    expect((await told.selectedModule(page)).holders).toBe('sysimgblt');
    await press(page, 'i');
    await scroller.evaluate((box) => box.scrollTo(0, 0));
    await page.setViewportSize({ width: 1440, height: 1600 });
    await settled(page);
  });

  test('one is moved with the keyboard, and dragged', async () => {
    const { page } = window;
    await selectModule(page, first[2]!);
    await press(page, 'Alt+ArrowUp');
    expect(await named(page)).toEqual([first[0], first[2], first[1], ...first.slice(3)]);
    const handle = await page.locator('.track-name').nth(1).boundingBox();
    const target = await page.locator('.track-header').nth(3).boundingBox();
    await page.mouse.move(handle!.x + 30, handle!.y + 12);
    await page.mouse.down();
    await page.mouse.move(handle!.x + 30, handle!.y + 40, { steps: 3 });
    await page.mouse.move(handle!.x + 30, target!.y + target!.height - 4, { steps: 5 });
    await page.mouse.up();
    await settled(page);
    expect((await named(page)).indexOf(first[2]!)).toBe(3);
    await page.getByRole('button', { name: 'Tracks', exact: true }).click();
    await page.getByRole('button', { name: 'First order' }).click();
    await press(page, 'Escape');
    expect(await named(page)).toEqual(first);
  });

  test('grouped, users of a module stand beneath it and further in', async () => {
    const { page } = window;
    await press(page, 'Shift+G');
    const names = await named(page);
    expect(names[0]).toBe('drm');
    expect(names.slice(1, 3)).toEqual(['drm_kms_helper', 'vkms']);
    const indent = (name: string) =>
      page
        .locator('.track-name', { hasText: name })
        .first()
        .evaluate((element) => Number.parseFloat(getComputedStyle(element).paddingLeft));
    expect(await indent('vkms')).toBeGreaterThan(await indent('drm_kms_helper'));
    await press(page, 'Shift+G');
    expect(await named(page)).toEqual(first);
  });

  test('only modules that are still held', async () => {
    const { page } = window;
    await page.getByTitle('Back to the start screen').click();
    await settled(page);
    await openSample(page, 'loop-mounts');
    const all = await named(page);
    await press(page, 'o');
    const held = await named(page);
    const hidden = all.length - held.length;
    expect(hidden === 0 ? true : await page.getByRole('button', { name: `${hidden} hidden` }).isVisible()).toBe(true);
    for (const name of held) expect(all).toContain(name);
    await press(page, 'o');
    expect(await named(page)).toEqual(all);
  });
});
