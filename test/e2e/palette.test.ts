import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchedWindow, launchWindow, windowHosts } from '../support/launch-window.ts';
import { faultsOf, openSample, press, settled, visibleWindow } from './drive-window.ts';

describe.each(windowHosts)('the command palette on %s', (host) => {
  let window: LaunchedWindow;
  beforeAll(async () => {
    window = await launchWindow({ host, width: 1440, height: 900 });
  });
  afterAll(() => window.close());
  const entries = () => window.page.getByRole('option').allInnerTexts();

  test('has only what means something now', async () => {
    const { page } = window;
    await press(page, 'Control+k');
    const before = (await entries()).join('\n');
    expect(before).toContain('Open a recording');
    expect(before).not.toContain('Zoom in');
    await press(page, 'Escape');
    await openSample(page, 'vkms-held-by-logind');
    await press(page, 'Control+k');
    expect((await entries()).join('\n')).toContain('Zoom in');
  });

  test('shows the key of each command, and has no serious fault in either theme', async () => {
    const { page } = window;
    expect(await page.getByRole('option', { name: /^Zoom to A–B|^Show the whole recording/ }).innerText()).toMatch(/0/);
    for (const theme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await settled(page);
      expect(await faultsOf(page)).toEqual([]);
    }
  });

  test('finds a command by a few letters, and runs it with Enter', async () => {
    const { page } = window;
    await page.keyboard.type('zoin');
    expect((await entries())[0]).toContain('Zoom in');
    const before = await visibleWindow(page);
    await press(page, 'Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await settled(page);
    const after = await visibleWindow(page);
    expect(after.to - after.from).toBeLessThan(before.to - before.from);
  });

  test('leaves the keyboard where it was, whether a command was run or the cross was pressed', async () => {
    const { page } = window;
    const list = page.getByRole('grid', { name: 'Modules at the cursor' });
    await list.focus();
    await press(page, 'Control+k');
    await page.keyboard.type('zoom out');
    await press(page, 'Enter');
    expect(await list.evaluate((element) => element === document.activeElement)).toBe(true);
    await press(page, 'Control+k');
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await settled(page);
    expect(await list.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test('the arrow keys choose, and nothing fits nonsense', async () => {
    const { page } = window;
    await press(page, 'Control+k');
    await page.keyboard.type('help keys gest');
    await press(page, 'ArrowDown');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('qqqq');
    expect(await page.getByText('No command has these letters').isVisible()).toBe(true);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('keys gest');
    await press(page, 'Enter');
    await page.getByRole('dialog', { name: 'Keys and gestures' }).waitFor();
    await press(page, 'Escape');
  });

  test('every key on the sheet is a command of the palette', async () => {
    const { page } = window;
    await press(page, '?');
    const sheet = await page.locator('.help-keys dd').allInnerTexts();
    expect(sheet).toContain('Set marker A at the cursor');
    expect(sheet).toContain('Save the session…');
    expect(await faultsOf(page)).toEqual([]);
    await press(page, 'Escape');
  });
});
