import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type LaunchedWindow, launchWindow } from '../support/launch-window.ts';
import { appRoot } from '../support/project-paths.ts';
import { writeManyModules } from '../support/write-many-modules.ts';
import { faultsOf, fixture, openByDialog, openSample, press, selectModule, settled } from './drive-window.ts';

// Pictures of eight million pixels, drawn in software, on a machine that may have other work.
vi.setConfig({ testTimeout: 240_000 });

const folder = join(appRoot, 'test-results/screenshots/every-screen');
const SIZES = [
  { width: 1280, height: 720 },
  { width: 3840, height: 2160 },
] as const;

describe('every screen, small and very large, light and dark', () => {
  let window: LaunchedWindow;
  let scratch: string;
  beforeAll(async () => {
    await mkdir(folder, { recursive: true });
    scratch = await mkdtemp(join(tmpdir(), 'modshark-screens-'));
    window = await launchWindow({ host: 'loopback', ...SIZES[0] });
  });
  afterAll(async () => {
    await window.close();
    await rm(scratch, { recursive: true, force: true });
  });

  /** Takes four pictures, and looks at what a picture does not show: what is out of reach, and what axe finds. */
  async function look(name: string): Promise<void> {
    const { page } = window;
    await page.mouse.move(2, 2);
    for (const size of SIZES) {
      await page.setViewportSize(size);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.waitForSelector(`html[data-theme="${colorScheme}"]`, { state: 'attached' });
        await settled(page);
        const path = join(folder, `${name}-${size.width}-${colorScheme}.png`);
        const picture = await page.screenshot({ path, animations: 'disabled' });
        expect(picture.length, path).toBeGreaterThan(20_000);
        expect(await page.evaluate(outOfReach), path).toEqual([]);
        expect(await page.evaluate(() => [scrollX, scrollY, document.scrollingElement!.clientWidth]), path).toEqual([
          0,
          0,
          size.width,
        ]);
        if (size.width === 1280) expect(await faultsOf(page), path).toEqual([]);
      }
    }
    await page.setViewportSize(SIZES[0]);
    await page.emulateMedia({ colorScheme: 'light' });
    await settled(page);
  }

  async function write(name: string, text: string): Promise<string> {
    const path = join(scratch, name);
    await writeFile(path, text);
    return path;
  }

  test('the start screen', async () => {
    await look('start');
  });

  test('a recording, and its events', async () => {
    await openSample(window.page, 'vkms-held-by-logind');
    await look('vkms');
    await selectModule(window.page, 'drm');
    await look('drm');
  });

  test('nothing holds it', async () => {
    const { page } = window;
    await selectModule(page, 'vkms');
    await page.locator('.events-grid [role=row]', { hasText: '102.163020' }).click();
    await look('nothing-holds-it');
  });

  test('the refcount as a chart, the numbers, and the graph', async () => {
    const { page } = window;
    for (const [tab, name] of [
      [/Refcount/, 'chart'],
      ['Statistics', 'statistics'],
      ['Holder graph', 'graph'],
    ] as const) {
      await page.getByRole('tab', { name: tab }).click();
      await look(name);
    }
    await page.getByRole('button', { name: 'Make this region taller' }).click();
    await look('graph-tall');
    await page.getByRole('tab', { name: 'Statistics' }).click();
    await look('statistics-tall');
    await page.getByRole('button', { name: 'Make this region lower' }).click();
    await page.getByRole('tab', { name: 'Events' }).click();
  });

  test('what lies over the window', async () => {
    const { page } = window;
    await press(page, 'm');
    await page.keyboard.type('logind opens the card as soon as it appears');
    await press(page, 'Enter');
    for (const [key, name] of [
      ['Control+k', 'palette'],
      ['?', 'keys'],
      ['Shift+M', 'notes'],
      ['Control+e', 'export-timeline'],
    ] as const) {
      await press(page, key);
      await look(name);
      await press(page, 'Escape');
    }
    await press(page, 'Control+e');
    await page.locator('.export-kind', { hasText: 'Events' }).click();
    await look('export-events');
    await press(page, 'Escape');
  });

  test('a filter with a mistake, and one that nothing passes', async () => {
    const { page } = window;
    const filter = page.locator('#event-filter');
    await filter.fill('module:drm* modul:x ');
    await press(page, 'Escape');
    await look('filter-mistake');
    await filter.fill('task:nobody ');
    await press(page, 'Enter');
    await press(page, 'Escape');
    await look('filter-nothing');
    await filter.fill('');
    await press(page, 'Escape');
  });

  test('the graph of three modules, and of 300', async () => {
    const { page } = window;
    for (const modules of [3, 300]) {
      await openByDialog(window, await write(`${modules}-modules.txt`, writeManyModules(modules)));
      await page.getByRole('tab', { name: 'Holder graph' }).click();
      await page.locator('.graph-choice select').selectOption('all');
      await page.getByRole('button', { name: 'Make this region taller' }).click();
      await look(`graph-of-${modules}`);
      await page.getByRole('button', { name: 'Make this region lower' }).click();
      await page.getByRole('tab', { name: 'Events' }).click();
    }
  });

  test('a storm', async () => {
    await openByDialog(window, fixture('storm/live/trace_pipe.txt.gz'));
    await look('storm');
  });

  test('names that are long or evil', async () => {
    await openByDialog(window, fixture('comm-names/live/trace_pipe.txt'));
    await look('names');
  });

  test('a recording without any module, and a file that is none', async () => {
    const request = '  modprobe-1 [000] ..... 1.000000: module_request: char-major-10-200 wait=1 call_site=misc_open\n';
    await openByDialog(window, await write('requests.txt', request));
    await look('no-module');
    await openByDialog(window, await write('shopping.txt', 'bread\nbutter\n'));
    expect(await window.page.getByRole('alert').innerText()).toContain('shopping.txt: This is not a recording');
    await look('error');
  });
});

/** In the page: what reaches out of the window where nothing scrolls, and so can never be seen. */
function outOfReach(): string[] {
  const scrolls = (element: Element): boolean => {
    for (let box = element.parentElement; box !== null; box = box.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(box);
      if (/auto|scroll/.test(`${overflowX} ${overflowY}`) || box.matches('.graph-area')) return true;
    }
    return false;
  };
  return [...document.querySelectorAll('button, input, select, h2, p, label')].flatMap((element) => {
    const { left, right, top, bottom, width, height } = element.getBoundingClientRect();
    const isShown = width > 1 && height > 1 && element.checkVisibility({ visibilityProperty: true });
    const isIn = left >= -1 && right <= innerWidth + 1 && top >= -1 && bottom <= innerHeight + 1;
    return !isShown || isIn || scrolls(element) ? [] : [`${element.tagName} ${element.textContent?.slice(0, 40)}`];
  });
}
