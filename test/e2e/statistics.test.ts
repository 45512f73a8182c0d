import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchedWindow, launchWindow, windowHosts } from '../support/launch-window.ts';
import { faultsOf, openSample, press, selectModule, settled } from './drive-window.ts';

describe.each(windowHosts)('the statistics on %s', (host) => {
  let window: LaunchedWindow;
  beforeAll(async () => {
    window = await launchWindow({ host, width: 1440, height: 900 });
    await openSample(window.page, 'vkms-held-by-logind');
    await window.page.getByRole('tab', { name: 'Statistics' }).click();
    await settled(window.page);
  });
  afterAll(() => window.close());

  const status = () => window.page.locator('.statistics .pane-bar [role=status]').innerText();
  const panel = () => window.page.locator('.statistics').innerText();

  test('count what is in view', async () => {
    const { page } = window;
    expect(await status()).toContain('11 gets, 8 puts, 17 holds and 1 passing');
    await page.locator('.track-canvas').focus();
    for (let i = 0; i < 3; i++) await press(page, '+');
    await press(page, 'Home');
    expect(await status()).toMatch(/: 0 gets, \d puts/);
    await press(page, '0');
    expect(await status()).toContain('11 gets');
  });

  test('are charts, or tables with the same numbers', async () => {
    const { page } = window;
    expect(await page.locator('.statistics-chart svg').count()).toBe(4);
    await page.getByRole('button', { name: 'Show as tables' }).click();
    await settled(page);
    const holders = await page.getByRole('region', { name: 'Holds per holder, as a table' }).innerText();
    expect(holders).toContain('systemd-logind-545');
    await page.getByRole('button', { name: 'Show as charts' }).click();
    await settled(page);
  });

  test('may be of the selected module alone', async () => {
    const { page } = window;
    await selectModule(page, 'vkms');
    await page.getByRole('checkbox', { name: 'Selected module only' }).check();
    await settled(page);
    expect(await status()).toContain('1 get, 1 put, 2 holds');
    await page.getByRole('checkbox', { name: 'Selected module only' }).uncheck();
    await settled(page);
  });

  test('say what changed between the markers', async () => {
    const { page } = window;
    expect(await panel()).not.toContain('between');
    await selectModule(page, 'vkms');
    await press(page, 'p');
    await press(page, 'p');
    await press(page, 'Shift+A');
    await press(page, 'n');
    await press(page, 'n');
    await press(page, 'Shift+B');
    const change = await page.locator('.statistics-change').innerText();
    expect(change).toContain('systemd-logind-545');
    expect(change).toContain('vkms');
  });

  test('count only what passes the filter, and say so', async () => {
    const { page } = window;
    const before = await status();
    const filter = page.getByRole('combobox', { name: 'Filter events' });
    await filter.fill('task:systemd-logind ');
    await settled(page);
    expect(await status()).toMatch(/3 gets, 1 put, 2 holds and 1 passing · only what passes the filter$/);
    await filter.fill('task:nobody ');
    await filter.press('Enter');
    await settled(page);
    expect(await panel()).toContain('Nothing in view passes this filter.');
    await page.getByRole('button', { name: 'Clear the filter' }).first().click();
    await settled(page);
    expect(await status()).toBe(before);
  });

  for (const theme of ['light', 'dark'] as const) {
    test(`have no serious fault in ${theme}`, async () => {
      await window.page.emulateMedia({ colorScheme: theme });
      await settled(window.page);
      expect(await faultsOf(window.page)).toEqual([]);
    });
  }
});
