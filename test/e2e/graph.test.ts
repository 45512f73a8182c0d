import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchedWindow, launchWindow, windowHosts } from '../support/launch-window.ts';
import { faultsOf, openSample, press, settled, told } from './drive-window.ts';

describe.each(windowHosts)('the holder graph on %s', (host) => {
  let window: LaunchedWindow;
  beforeAll(async () => {
    window = await launchWindow({ host, width: 1440, height: 900 });
    await openSample(window.page, 'vkms-held-by-logind');
    await window.page.getByRole('tab', { name: 'Events' }).focus();
  });
  afterAll(() => window.close());

  const node = (name: string) => window.page.locator('.graph-svg [role=button]', { hasText: name }).first();
  const text = () => window.page.locator('.graph-svg').textContent();

  test('the arrow keys lead from tab to tab, and a digit to each', async () => {
    const { page } = window;
    await press(page, 'ArrowRight');
    expect(await page.getByRole('tab', { name: 'Holder graph' }).getAttribute('aria-selected')).toBe('true');
    expect(await text()).toContain('systemd-logind');
    await press(page, 'End');
    expect(await page.getByRole('tab').last().getAttribute('aria-selected')).toBe('true');
    await press(page, '2');
    expect(await page.getByRole('tab', { name: 'Holder graph' }).getAttribute('aria-selected')).toBe('true');
  });

  test('says who holds which module at the cursor, and moving the cursor leaves nodes where they were', async () => {
    const { page } = window;
    expect(await text()).toContain('vkms');
    const before = await node('drm_kms_helper').boundingBox();
    await press(page, 'p');
    await press(page, 'p');
    expect(await text()).not.toContain('systemd-logind');
    expect(await node('drm_kms_helper').boundingBox()).toEqual(before);
    await press(page, 'n');
    await press(page, 'n');
    expect(await text()).toContain('systemd-logind');
  });

  test('a taller region is made use of, as long as nobody has moved the picture', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'Make this region taller' }).click();
    await settled(page);
    const area = (await page.locator('.graph-area').boundingBox())!;
    const boxes = await Promise.all((await page.locator('.graph-node').all()).map((one) => one.boundingBox()));
    const outside = boxes.filter((box) => box!.y < area.y || box!.y + box!.height > area.y + area.height);
    expect(outside).toEqual([]);
    await page.getByRole('button', { name: 'Make this region lower' }).click();
    await settled(page);
  });

  test('a module that is clicked is selected everywhere; a holder selects what it holds', async () => {
    const { page } = window;
    await node('drm_kms_helper').click();
    await settled(page);
    expect(await told.selectedModule(page)).toEqual({
      list: 'drm_kms_helper',
      holders: 'drm_kms_helper',
      track: 'drm_kms_helper',
    });
    await node('systemd-logind').click();
    await settled(page);
    expect(await page.locator('.holder-card-selected').innerText()).toContain('systemd-logind-545');
  });

  test('it is walked with the arrow keys, and F leaves only what is around a node', async () => {
    const { page } = window;
    await node('systemd-logind').focus();
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    await press(page, 'ArrowRight');
    expect(await focused()).toMatch(/vkms|drm/);
    await press(page, 'ArrowLeft');
    await press(page, 'f');
    expect(await page.locator('.graph-chip').innerText()).toContain('systemd-logind');
    expect(await text()).not.toContain('sysimgblt');
    await press(page, 'Escape');
    expect(await page.locator('.graph-chip').count()).toBe(0);
  });

  test('it can be read as a list', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'Show as a list' }).click();
    await settled(page);
    expect(await page.locator('.graph-panel').innerText()).toContain('systemd-logind');
    await page.getByRole('button', { name: 'Show as a picture' }).click();
    await settled(page);
  });

  test('a filter that leaves no arrow says so, and is cleared from there', async () => {
    const { page } = window;
    await page.getByRole('combobox', { name: 'Filter events' }).fill('event:request');
    await press(page, 'Enter');
    const panel = page.locator('.graph-panel');
    expect(await panel.innerText()).toContain('as far as the filter shows');
    await panel.getByRole('button', { name: 'Clear the filter' }).click();
    await settled(page);
    expect(await text()).toContain('systemd-logind');
  });

  for (const theme of ['light', 'dark'] as const) {
    test(`it has no serious fault in ${theme}`, async () => {
      await window.page.emulateMedia({ colorScheme: theme });
      await settled(window.page);
      expect(await faultsOf(window.page)).toEqual([]);
    });
  }

  test('its keys are on the sheet', async () => {
    const { page } = window;
    await press(page, '?');
    const sheet = await page.getByRole('dialog', { name: 'Keys and gestures' }).innerText();
    expect(sheet).toContain('show only what is around a node');
    expect(sheet).toContain('Search what is shown');
    await press(page, 'Escape');
  });
});
