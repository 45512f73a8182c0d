import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchedWindow, launchWindow, windowHosts } from '../support/launch-window.ts';
import { faultsOf, fixture, openByDialog, openSample, press, settled, told } from './drive-window.ts';

describe.each(windowHosts)('the search on %s', (host) => {
  let window: LaunchedWindow;
  beforeAll(async () => {
    window = await launchWindow({ host, width: 1440, height: 900 });
    await openSample(window.page, 'vkms-held-by-logind');
  });
  afterAll(() => window.close());

  const count = () => window.page.locator('.search-count').innerText();
  const search = async (text: string) => {
    await press(window.page, 'Control+f');
    await window.page.keyboard.type(text);
    await settled(window.page);
  };
  /** How many pixels right under the ruler have the colour of a hit. */
  const marks = () =>
    window.page.locator('.track-canvas canvas').evaluate((canvas) => {
      const picture = canvas as HTMLCanvasElement;
      const ratio = picture.width / picture.clientWidth;
      // On a canvas of its own, for reading the one on the screen makes it slow for good.
      const copy = new OffscreenCanvas(picture.width, 1).getContext('2d', { willReadFrequently: true })!;
      copy.drawImage(picture, 0, -Math.round(32 * ratio));
      const { data } = copy.getImageData(0, 0, picture.width, 1);
      const probe = document.createElement('i');
      probe.style.color = 'var(--accent)';
      document.body.append(probe);
      const wanted = getComputedStyle(probe).color.match(/\d+/g)!.map(Number);
      probe.remove();
      let found = 0;
      for (let i = 0; i < data.length; i += 4) if (wanted.every((part, at) => data[i + at] === part)) found += 1;
      return found;
    });

  test('Ctrl+F opens it, and it says how many hits there are before going to any', async () => {
    expect(await marks()).toBe(0);
    await search('ref_module');
    expect(await count()).toBe('7 hits');
    expect(await told.cursor(window.page)).toBe('102.168298');
  });

  test('Enter and Shift+Enter go from hit to hit and round; list, cursor and module go along', async () => {
    const { page } = window;
    await press(page, 'Enter');
    expect(await count()).toBe('1 of 7');
    expect(await told.cursor(page)).toBe('102.145601');
    expect((await told.selectedModule(page)).holders).toBe('drm');
    expect(await page.locator('.events-grid [aria-selected=true]').innerText()).toContain('ref_module');
    await press(page, 'Enter');
    expect(await count()).toBe('2 of 7');
    await press(page, 'Shift+Enter');
    await press(page, 'Shift+Enter');
    expect(await count()).toBe('7 of 7');
  });

  test('F3 goes on wherever the focus is', async () => {
    const { page } = window;
    await page.locator('.events-grid').focus();
    await press(page, 'F3');
    expect(await count()).toBe('1 of 7');
    await press(page, 'Shift+F3');
    expect(await count()).toBe('7 of 7');
  });

  test('hits are marked in the list and under the ruler of the timeline', async () => {
    const { page } = window;
    await press(page, 'F3');
    const marked = await page.locator('.event-row-hit').allInnerTexts();
    expect(marked.length).toBeGreaterThan(3);
    expect(marked.every((row) => row.includes('ref_module'))).toBe(true);
    expect(await marks()).toBeGreaterThan(0);
  });

  test('it looks only among what the filter shows', async () => {
    const { page } = window;
    await page.getByRole('combobox', { name: 'Filter events' }).fill('module:drm');
    await press(page, 'Enter');
    expect(await count()).toMatch(/of 2$|^2 hits$/);
    await page.getByRole('combobox', { name: 'Filter events' }).fill('');
    await settled(page);
  });

  for (const theme of ['light', 'dark'] as const) {
    test(`it has no serious fault in ${theme}`, async () => {
      await window.page.emulateMedia({ colorScheme: theme });
      await settled(window.page);
      expect(await faultsOf(window.page)).toEqual([]);
      await window.page.emulateMedia({ colorScheme: 'light' });
    });
  }

  test('nothing found and nothing understood are told apart', async () => {
    await search('nosuch');
    expect(await count()).toBe('no hits');
    await search('modul:x');
    expect(await count()).toBe('There is no key modul.');
    expect(await window.page.locator('.search-count').getAttribute('title')).toContain('put it in quotes');
  });

  test('Escape closes it and takes the marks away; the text is there when it is opened again', async () => {
    const { page } = window;
    await search('drm_stub_open');
    await press(page, 'Escape');
    expect(await page.locator('.search-bar').count()).toBe(0);
    expect(await page.locator('.event-row-hit').count()).toBe(0);
    expect(await marks()).toBe(0);
    await press(page, 'Control+f');
    expect(await page.getByRole('searchbox', { name: 'Search events' }).inputValue()).toBe('drm_stub_open');
    await press(page, 'Escape');
  });

  test('one hit among 150,000 events is found and shown', async () => {
    const { page } = window;
    await openByDialog(window, fixture('storm/live/trace_pipe.txt.gz'));
    await search('time:118.454391');
    expect(await count()).toBe('1 hit');
    await page.locator('.events-grid').focus();
    await press(page, 'Home');
    await press(page, 'F3');
    expect(await count()).toBe('1 of 1');
    expect(await page.locator('.events-grid [aria-selected=true]').innerText()).toMatch(/^150018\n/);
  });
});
