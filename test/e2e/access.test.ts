import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchedWindow, launchWindow, windowHosts } from '../support/launch-window.ts';
import { faultsOf, press, settled, told } from './drive-window.ts';

describe.each(windowHosts)('access on %s', (host) => {
  let window: LaunchedWindow;
  beforeAll(async () => {
    window = await launchWindow({ host, width: 1440, height: 900 });
  });
  afterAll(() => window.close());

  for (const theme of ['light', 'dark'] as const) {
    test(`the start screen has no serious fault in ${theme}`, async () => {
      await window.page.emulateMedia({ colorScheme: theme });
      await settled(window.page);
      expect(await faultsOf(window.page)).toEqual([]);
    });
  }

  test('a sample is opened with the keyboard alone', async () => {
    const { page } = window;
    await tabTo(page, /vkms-held-by-logind/);
    await press(page, 'Enter');
    expect(await told.holders(page)).toContain('systemd-logind-545');
  });

  for (const theme of ['light', 'dark'] as const) {
    test(`the window has no serious fault in ${theme}`, async () => {
      await window.page.emulateMedia({ colorScheme: theme });
      await settled(window.page);
      expect(await faultsOf(window.page)).toEqual([]);
    });
  }

  test('Tab reaches every region', async () => {
    const { page } = window;
    const reached = await tabThrough(page);
    for (const name of [
      'Back to the start screen',
      'Open a recording',
      'As the system',
      'Keys and gestures',
      'Search modules',
      'Modules at the cursor',
      'Width of the modules',
      'Zoom in',
      'Start of the visible window',
      'End of the visible window',
      'Timeline of 7 modules',
      'Width of the holders',
      'Holders at the cursor',
      'systemd-logind-545',
      'Copy the command systemctl status 545',
      'Height of the events',
      'Filter events',
      'Selected module only',
      'Events',
    ])
      expect(reached.join('\n')).toContain(name);
  });

  test('? shows every key, and the focus goes back where it was', async () => {
    const { page } = window;
    await page.locator('.events-grid').focus();
    await press(page, '?');
    expect(await page.getByRole('dialog', { name: 'Keys and gestures' }).innerText()).toContain(
      'Next event of the module',
    );
    await press(page, 'Escape');
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('events-grid');
  });

  test('the timeline can be read in words, which follow the window', async () => {
    const { page } = window;
    const words = page.getByRole('region', { name: /Timeline in words/ });
    const vkms = words.getByRole('listitem').filter({ hasText: /^vkms:/ });
    expect(await vkms.textContent()).toBe(
      'vkms: from 0 to 1 reference, 1 at the end. Holds: modprobe-1687 (loading) from 102.161679 to 102.163020; ' +
        'systemd-logind-545 from 102.168297, still.',
    );
    const before = await words.getAttribute('aria-label');
    await page.locator('.track-canvas').focus();
    await press(page, '+');
    await press(page, 'Home');
    expect(await words.getAttribute('aria-label')).not.toBe(before);
    await press(page, '0');
    expect(await words.getAttribute('aria-label')).toBe(before);
  });

  test('nothing moves by itself where that is not wanted', async () => {
    const { page } = window;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await settled(page);
    const moving = await page.evaluate(() =>
      [...document.querySelectorAll('*')].flatMap((element) => {
        const { transitionDuration, animationDuration } = getComputedStyle(element);
        const moves = `${transitionDuration},${animationDuration}`
          .split(',')
          .some((time) => Number.parseFloat(time) > 0);
        return moves ? [element.className] : [];
      }),
    );
    expect(moving).toEqual([]);
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await settled(page);
  });

  test('everything is in its place from 100 to 200 % of 1280 × 720', async () => {
    const { page } = window;
    for (const percent of [100, 125, 150, 175, 200]) {
      await page.setViewportSize({ width: Math.round(128_000 / percent), height: Math.round(72_000 / percent) });
      await settled(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${percent} %`).toBeLessThan(
        1,
      );
      for (const region of ['.panel-modules', '.panel-timeline', '.panel-holders', '.panel-lower']) {
        await page.locator(region).scrollIntoViewIfNeeded();
        const box = (await page.locator(region).boundingBox())!;
        expect(Math.min(box.width, box.height), `${region} at ${percent} %`).toBeGreaterThan(90);
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await settled(page);
  });

  test('everything is still there at 200 % of 1280 × 720', async () => {
    const { page } = window;
    await page.setViewportSize({ width: 640, height: 360 });
    await settled(page);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(wider).toBe(false);
    await page.locator('.holder-name').first().scrollIntoViewIfNeeded();
    expect(await page.locator('.holder-name').first().isVisible()).toBe(true);
    await page.setViewportSize({ width: 1440, height: 900 });
    await settled(page);
  });
});

/** The names of what has the focus, until the whole page has been gone through. */
async function tabThrough(page: Page): Promise<string[]> {
  const names: string[] = [];
  let ends = 0;
  for (let i = 0; i < 200 && ends < 2; i++) {
    await page.keyboard.press('Tab');
    const name = await focused(page);
    if (name === 'BODY') ends += 1;
    else names.push(name);
  }
  return names;
}

async function tabTo(page: Page, wanted: RegExp): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    if (wanted.test(await focused(page))) return;
  }
  throw new Error(`the keyboard does not reach ${wanted}`);
}

function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return 'BODY';
    const label = element.closest('label')?.innerText ?? '';
    const parts = [
      element.getAttribute('aria-label'),
      element.getAttribute('title'),
      label,
      (element as HTMLElement).innerText,
    ];
    return parts.filter((part) => part !== null && part !== '').join(' | ');
  });
}
