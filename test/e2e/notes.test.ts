import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchedWindow, launchWindow, windowHosts } from '../support/launch-window.ts';
import { faultsOf, openSample, pointOf, press, settled, told } from './drive-window.ts';

describe.each(windowHosts)('notes on %s', (host) => {
  let window: LaunchedWindow;
  beforeAll(async () => {
    window = await launchWindow({ host, width: 1440, height: 900 });
    await openSample(window.page, 'vkms-held-by-logind');
  });
  afterAll(() => window.close());
  const list = async () => {
    await press(window.page, 'Shift+M');
    const texts = await window.page.locator('.note-text').allInnerTexts();
    await press(window.page, 'Escape');
    return texts;
  };

  test('one is written at the cursor with the keyboard', async () => {
    const { page } = window;
    await press(page, 'p');
    const at = await told.cursor(page);
    await press(page, 'm');
    expect(await page.locator('.note-editor').innerText()).toContain(at);
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.type('logind opens the card');
    await press(page, 'Enter');
    expect(await list()).toEqual(['logind opens the card']);
  });

  test('one is written at the pointer with a double click on the ruler, and none is kept that is empty', async () => {
    const { page } = window;
    const { x, y } = await pointOf(page, 0.1, 8);
    await page.mouse.dblclick(x, y);
    await settled(page);
    await page.keyboard.type('before anything');
    await press(page, 'Enter');
    await press(page, 'm');
    await press(page, 'Enter');
    expect(await list()).toEqual(['before anything', 'logind opens the card']);
  });

  test('one is changed at its flag', async () => {
    const { page } = window;
    const { x, y } = await pointOf(page, 0.1, 22);
    await page.mouse.click(x + 3, y);
    await settled(page);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('quiet until here');
    await press(page, 'Enter');
    expect(await list()).toEqual(['quiet until here', 'logind opens the card']);
  });

  test('one is deleted, and every step is taken back', async () => {
    const { page } = window;
    await press(page, 'Shift+M');
    for (const theme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await settled(page);
      expect(await faultsOf(page)).toEqual([]);
    }
    await page
      .getByRole('button', { name: /^Delete the note/ })
      .first()
      .click();
    expect(await page.locator('.note-text').allInnerTexts()).toEqual(['logind opens the card']);
    await press(page, 'Escape');
    await press(page, 'Control+z');
    expect(await list()).toEqual(['quiet until here', 'logind opens the card']);
    await press(page, 'Control+z');
    expect(await list()).toEqual(['before anything', 'logind opens the card']);
  });
});
