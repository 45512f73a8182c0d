import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchedWindow, launchWindow, windowHosts } from '../support/launch-window.ts';
import { faultsOf, fixture, openByDialog, openSample, press, settled, told } from './drive-window.ts';

describe.each(windowHosts)('the filter on %s', (host) => {
  let window: LaunchedWindow;
  beforeAll(async () => {
    window = await launchWindow({ host, width: 1440, height: 900 });
    await openSample(window.page, 'vkms-held-by-logind');
  });
  afterAll(() => window.close());

  const input = () => window.page.getByRole('combobox', { name: 'Filter events' });
  const tracks = () => window.page.locator('.track-name-text').allInnerTexts();
  const shown = () => window.page.locator('.filter-count').innerText();
  const options = () => window.page.getByRole('option').allInnerTexts();
  const colours = () => window.page.locator('.filter-colours').innerText();
  const clear = async () => {
    await window.page.locator('.filter-field').getByRole('button', { name: 'Clear the filter' }).click();
    await press(window.page, 'Escape');
  };

  test('/ puts the caret into it, and what a person may ask for is offered with its meaning', async () => {
    const { page } = window;
    await press(page, '/');
    await press(page, 'ArrowDown');
    expect(await options()).toContain('task:\nthe name of the task, or name-pid');
    expect(await input().getAttribute('aria-expanded')).toBe('true');
    await press(page, 'Escape');
    expect(await input().getAttribute('aria-expanded')).toBe('false');
  });

  test('a filter is put together from suggestions with the keyboard alone', async () => {
    const { page } = window;
    await input().focus();
    await page.keyboard.type('ta');
    await settled(page);
    await press(page, 'ArrowDown');
    const active = await input().getAttribute('aria-activedescendant');
    expect(await page.locator(`#${active}`).innerText()).toContain('task:');
    await press(page, 'Enter');
    expect(await input().inputValue()).toBe('task:');
    expect(await options()).toEqual(['modprobe\n22 events', 'systemd-logind\n4 events']);
    await page.keyboard.type('sys');
    await settled(page);
    await press(page, 'ArrowDown');
    await press(page, 'Tab');
    expect(await input().inputValue()).toBe('task:systemd-logind ');
    expect(await shown()).toBe('4 of 26 events');
  });

  test('it narrows events, modules, tracks, their holds, the overview and the graph alike', async () => {
    const { page } = window;
    expect(await page.locator('.panel-modules .module-name').allInnerTexts()).toEqual(['drm', 'vkms']);
    expect(await page.getByPlaceholder('2 of 7 modules').count()).toBe(1);
    expect(await page.locator('.overview-key-holds').innerText()).toContain('up to 2');
    expect(await page.locator('.events-count').innerText()).toBe('4 of 26 events');
    expect(await page.locator('.events-grid [role=row]:not(.event-heads)').count()).toBe(4);
    expect((await tracks()).sort()).toEqual(['drm', 'vkms']);
    await page.getByRole('tab', { name: 'Holder graph' }).click();
    await settled(page);
    const graph = await page.locator('.graph-svg').getAttribute('aria-label');
    expect(graph).toContain('Who holds which module at 102.168298');
    const narrow = await page.locator('.graph-svg').textContent();
    expect(narrow).toContain('systemd-logind');
    expect(narrow).not.toContain('drm_kms_helper');
    await clear();
    expect(await page.locator('.graph-svg').textContent()).toContain('drm_kms_helper');
    expect((await tracks()).length).toBe(7);
    await page.getByRole('tab', { name: 'Events' }).click();
    await settled(page);
  });

  test('nothing vanishes while a word is being written, and it holds as soon as something passes it', async () => {
    const { page } = window;
    await input().fill('task:sys');
    await settled(page);
    expect((await tracks()).length).toBe(7);
    await page.keyboard.type('temd*');
    await settled(page);
    expect((await tracks()).sort()).toEqual(['drm', 'vkms']);
    expect(await colours()).toBe('task:systemd*');
    await clear();
  });

  test('what is wrong is said with its place and its remedy, and the rest of the filter holds', async () => {
    const { page } = window;
    await input().fill('modul:drm task:systemd* is:opn ');
    await press(page, 'Escape');
    expect(await input().getAttribute('aria-invalid')).toBe('true');
    const problems = await page.locator('#filter-problems').innerText();
    expect(problems).toContain('There is no key modul.');
    expect(problems).toContain('They are open, ended, transient, unexplained, unpaired.');
    expect(problems).toContain('Everything else in the filter holds.');
    expect(await page.locator('.filter-wrong').allInnerTexts()).toEqual(['modul', 'opn']);
    expect(await shown()).toBe('4 of 26 events');
    await clear();
    expect(await page.locator('#filter-problems').count()).toBe(0);
  });

  for (const theme of ['light', 'dark'] as const) {
    test(`a filter with suggestions, problems or without a result has no serious fault in ${theme}`, async () => {
      const { page } = window;
      await page.emulateMedia({ colorScheme: theme });
      await input().fill('modul:x -task:sys*|"my task" ');
      await press(page, 'ArrowDown');
      await press(page, 'ArrowDown');
      expect(await page.getByRole('listbox', { name: 'Suggestions' }).count()).toBe(1);
      expect(await faultsOf(page)).toEqual([]);
      await input().fill('nosuch');
      await press(page, 'Enter');
      expect(await faultsOf(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'light' });
      await clear();
    });
  }

  test('a filter that nothing passes says so in every region, and is cleared there', async () => {
    const { page } = window;
    await input().fill('nosuch');
    await press(page, 'Enter');
    expect(await shown()).toBe('0 of 26 events');
    expect(await page.locator('.panel-lower').innerText()).toContain('No event passes this filter.');
    for (const region of ['.panel-modules', '.track-area'])
      expect(await page.locator(region).innerText()).toContain('No module has an event that passes this filter.');
    expect(await tracks()).toEqual([]);
    await page.locator('.track-area').getByRole('button', { name: 'Clear the filter' }).click();
    await settled(page);
    expect(await input().inputValue()).toBe('');
    expect((await tracks()).length).toBe(7);
  });

  test('Enter makes what is written hold, at whatever moment it comes', async () => {
    const { page } = window;
    for (let turn = 0; turn < 12; turn++) {
      // Whether anything passes is being asked meanwhile, and nothing does.
      await input().fill(`nosuch${turn}`);
      await press(page, 'Enter');
      expect([turn, await shown()]).toEqual([turn, '0 of 26 events']);
      await clear();
    }
  });

  test('a storm is recognised, hidden by one click and shown again by another', async () => {
    const { page } = window;
    await openByDialog(window, fixture('storm/live/trace_pipe.txt.gz'));
    expect(await page.locator('.storm-chip').innerText()).toContain('binfmt_misc at every exec: 150,018 events');
    await page.getByRole('button', { name: 'Hide the storm' }).click();
    await settled(page);
    expect(await input().inputValue()).not.toBe('');
    expect(await shown()).toBe('0 of 150,018 events');
    expect(await page.locator('.storm-chip').innerText()).toContain('hidden');
    await page.getByRole('button', { name: 'Show the storm again' }).click();
    await settled(page);
    expect(await input().inputValue()).toBe('');
    expect(await page.locator('.events-count').innerText()).toBe('150,018 events');
  });

  test('names that a stranger chose are offered and found as they are', async () => {
    const { page } = window;
    await openByDialog(window, fixture('comm-names/live/trace_pipe.txt'));
    await input().fill('task:');
    await page.keyboard.type('r');
    await settled(page);
    const red = page.getByRole('option', { name: /red/ }).first();
    expect(await red.innerText()).toContain('\\e[31m');
    await red.click();
    await settled(page);
    expect(await shown()).toMatch(/^[1-9]/);
    expect(await told.events(page)).toContain('\\e[31mred');
  });
});
