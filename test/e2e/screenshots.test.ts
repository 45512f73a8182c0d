import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type LaunchedWindow, launchWindow } from '../support/launch-window.ts';
import { launchPaced } from '../support/paced-window.ts';
import { appRoot } from '../support/project-paths.ts';
import { held, loaded } from './drive-capture.ts';
import { openTerminalPane, run } from './drive-terminal.ts';
import { answer, launchSystem } from './drive-this-system.ts';
import { fixture, openByDialog, openSample, press, selectModule, settled, visibleWindow } from './drive-window.ts';

const folder = join(appRoot, 'test-results/screenshots');
/** The pictures of the README are part of the repository and renewed on purpose only. */
const renewing = process.env['MODSHARK_WRITE_SCREENSHOTS'] === '1';

/** Zooms in on the last part of the recording, where the story of the vkms sample is. */
async function showTheOpen(page: Page): Promise<void> {
  await page.locator('.track-canvas').focus();
  for (let i = 0; i < 3; i++) await press(page, '+');
  await press(page, 'End');
}

describe('pictures of the window', () => {
  let window: LaunchedWindow;
  let scratch: string;
  beforeAll(async () => {
    await mkdir(folder, { recursive: true });
    scratch = await mkdtemp(join(tmpdir(), 'modshark-pictures-'));
    // With a helper that is ready: whether this machine can record is not what the pictures are about.
    window = await launchWindow({ host: 'loopback', width: 1440, height: 900, script: { steps: [] } });
  });
  afterAll(async () => {
    await window.close();
    await rm(scratch, { recursive: true, force: true });
  });

  async function take(name: string, { withFocus = false } = {}): Promise<void> {
    // Neither focus nor pointer is part of a picture, unless it is what the picture shows.
    if (name !== 'hover' && !withFocus) {
      await window.page.mouse.move(2, 2);
      await window.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    }
    await settled(window.page);
    const path = join(folder, `${name}.png`);
    const picture = await window.page.screenshot({ path, animations: 'disabled' });
    // A window that drew nothing makes a very small file.
    expect(picture.length).toBeGreaterThan(20_000);
  }

  test('the start screen', async () => {
    await take('start');
    await window.page.emulateMedia({ colorScheme: 'dark' });
    await take('start-dark');
    await window.page.emulateMedia({ colorScheme: 'light' });
  });

  test('vkms, light and dark', async () => {
    const { page } = window;
    await openSample(page, 'vkms-held-by-logind');
    const whole = await visibleWindow(page);
    await showTheOpen(page);
    const close = await visibleWindow(page);
    expect(close.to - close.from).toBeLessThan((whole.to - whole.from) / 3);
    await take('vkms-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await take('vkms-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    if (renewing) {
      const kept = join(appRoot, 'assets/screenshots');
      await mkdir(kept, { recursive: true });
      for (const theme of ['light', 'dark'])
        await copyFile(join(folder, `vkms-${theme}.png`), join(kept, `vkms-${theme}.png`));
    }
  });

  test('markers and a note, the palette, the export dialog, the keys, tracks in groups', async () => {
    const { page } = window;
    for (let i = 0; i < 2; i++) await press(page, 'p');
    await press(page, 'Shift+A');
    await press(page, 'n');
    await press(page, 'Shift+B');
    await press(page, 'm');
    await page.keyboard.type('logind takes every new card');
    await press(page, 'Enter');
    await press(page, 'x');
    await press(page, 'Shift+G');
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await take(`markers-${scheme}`);
      for (const [key, name] of [
        ['Control+k', 'palette'],
        ['Control+e', 'export'],
        ['?', 'keys'],
        ['Shift+M', 'notes'],
      ] as const) {
        await press(page, key);
        await take(`${name}-${scheme}`);
        await press(page, 'Escape');
      }
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await press(page, 'Shift+G');
    await press(page, 'Shift+X');
    for (let i = 0; i < 2; i++) await press(page, 'Control+z');
    await showTheOpen(page);
  });

  test('drm’s four references', async () => {
    await selectModule(window.page, 'drm');
    await take('drm');
  });

  test('nobody holds it', async () => {
    await selectModule(window.page, 'vkms');
    await window.page.locator('.events-grid [role=row]', { hasText: '102.163020' }).click();
    await take('nobody');
  });

  test('the refcount as a chart', async () => {
    await window.page.getByRole('tab', { name: /Refcount/ }).click();
    await take('chart');
    await window.page.getByRole('tab', { name: 'Events' }).click();
  });

  test('a hold under the pointer', async () => {
    const { page } = window;
    await openSampleAgain(page, 'nftables-rules');
    const canvas = await page.locator('.track-canvas').boundingBox();
    await page.mouse.move(canvas!.x + canvas!.width * 0.75, canvas!.y + 28 + 44 + 9);
    await take('hover');
    await page.mouse.move(5, 5);
  });

  test('a mount with its stack traces', async () => {
    const { page } = window;
    await openSampleAgain(page, 'loop-mounts');
    await page.locator('.events-grid [aria-selected=true]').getByRole('button').click();
    await take('stack');
  });

  test('the filter with suggestions, and with a mistake', async () => {
    const { page } = window;
    await openSampleAgain(page, 'vkms-held-by-logind');
    await press(page, '/');
    await page.keyboard.type('module:drm* task:');
    await press(page, 'ArrowDown');
    await take('filter-suggestions', { withFocus: true });
    await page.emulateMedia({ colorScheme: 'dark' });
    await take('filter-suggestions-dark', { withFocus: true });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.keyboard.type('systemd* modul:x ');
    await press(page, 'Escape');
    await take('filter-mistake');
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await press(page, 'Escape');
  });

  test('a search with its hits', async () => {
    const { page } = window;
    await press(page, 'Control+f');
    await page.keyboard.type('ref_module');
    await press(page, 'Enter');
    await take('search', { withFocus: true });
    await page.emulateMedia({ colorScheme: 'dark' });
    await take('search-dark', { withFocus: true });
    await page.emulateMedia({ colorScheme: 'light' });
    await press(page, 'Escape');
  });

  test('the holder graph and the statistics, small, tall and dark', async () => {
    const { page } = window;
    await openSampleAgain(page, 'vkms-held-by-logind');
    await page.getByRole('tab', { name: 'Holder graph' }).click();
    await take('graph');
    await page.getByRole('tab', { name: 'Statistics' }).click();
    await take('statistics');
    await page.getByRole('button', { name: 'Make this region taller' }).click();
    await page.emulateMedia({ colorScheme: 'dark' });
    await take('statistics-dark');
    await page.getByRole('tab', { name: 'Holder graph' }).click();
    await take('graph-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await take('graph-tall');
    await page.getByRole('button', { name: 'Make this region lower' }).click();
    await page.getByRole('tab', { name: 'Events' }).click();
  });

  test('150,000 events', async () => {
    await openByDialog(window, fixture('storm/live/trace_pipe.txt.gz'));
    await take('storm');
  });

  test('lost events', async () => {
    await openByDialog(window, fixture('storm/live/trace_pipe.slow-reader.txt.gz'));
    await take('lost');
  });

  test('nasty names', async () => {
    await openByDialog(window, fixture('comm-names/live/trace_pipe.txt'));
    await window.page.locator('.events-grid').focus();
    await press(window.page, 'Home');
    await take('names');
  });

  test('a file that is no recording', async () => {
    const wrong = join(scratch, 'trace.dat');
    await writeFile(
      wrong,
      Buffer.concat([Buffer.from([0x17, 0x08, 0x44]), Buffer.from('tracing6\0'), Buffer.alloc(500)]),
    );
    await openByDialog(window, wrong);
    await take('problem');
    await press(window.page, 'Escape');
  });

  test('the terminal, light and dark', async () => {
    const { page } = window;
    await openSampleAgain(page, 'vkms-held-by-logind');
    await writeFile(join(window.userFolder, '.bashrc'), "PS1='\\[\\e[32m\\]ada@lab\\[\\e[m\\]:~$ '\n");
    // What is there to be listed is not left to the machine that runs the test: it may have no module loaded.
    for (const module of ['drm', 'drm_kms_helper', 'vkms'])
      await mkdir(join(window.userFolder, 'module', module, 'holders'), { recursive: true });
    await openTerminalPane(page);
    await run(page, 'ls -d --color=always module/*/holders; false', /vkms\/holders\n.*\$$/);
    await take('terminal');
    await page.emulateMedia({ colorScheme: 'dark' });
    await take('terminal-dark');
    await page.getByRole('button', { name: 'Insert' }).click();
    await take('terminal-insert', { withFocus: true });
    await press(page, 'Escape');
    await page.emulateMedia({ colorScheme: 'light' });
  });

  test('small and very large', async () => {
    const { page } = window;
    await openSampleAgain(page, 'vkms-held-by-logind');
    await page.setViewportSize({ width: 1280, height: 720 });
    await take('vkms-1280x720');
    await page.setViewportSize({ width: 3840, height: 2160 });
    await take('vkms-4k');
    await page.setViewportSize({ width: 720, height: 450 });
    await take('vkms-200-percent');
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  async function openSampleAgain(page: Page, name: string): Promise<void> {
    await page.getByTitle('Back to the start screen').click();
    await settled(page);
    await openSample(page, name);
  }
});

describe('pictures of this system', () => {
  test('who holds it, the plan and the graph, light and dark, in a small and in a large window', async () => {
    await mkdir(folder, { recursive: true });
    const window = await launchSystem('loopback', {}, 'network-as-user');
    onTestFinished(() => window.close());
    const { page } = window;
    const take = async (name: string) => {
      await page.mouse.move(2, 2);
      await settled(page);
      const picture = await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
      expect(picture.length).toBeGreaterThan(20_000);
    };
    await press(page, 'l');
    await take('system-as-user');
    await page.setViewportSize({ width: 1280, height: 720 });
    await answer(window, 'graphical-session');
    await press(page, 'u');
    await selectModule(page, 'vkms');
    await take('system-light');
    await page.locator('.plan-line button').click();
    await page.emulateMedia({ colorScheme: 'dark' });
    await take('system-plan-dark');
  });
});

describe('pictures of a recording', () => {
  test('from waiting for the first event to the end, in a small window where every button can be reached', async () => {
    await mkdir(folder, { recursive: true });
    const window = await launchPaced({ host: 'loopback', width: 1280, height: 720 });
    onTestFinished(() => window.close());
    const { page } = window;
    const take = async (name: string) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await settled(page);
        const path = join(folder, `${name}-${colorScheme}.png`);
        expect((await page.screenshot({ path, animations: 'disabled' })).length).toBeGreaterThan(20_000);
      }
    };
    await take('recording-waits');
    await window.say(loaded + held, 4);
    await take('recording-follows');
    // A button that something lies over cannot be clicked.
    for (const name of ['Follow', 'Follow', 'Tracks', 'Tracks', 'Pause']) {
      await page.locator('.panel-timeline').getByRole('button', { name, exact: true }).click();
      await settled(page);
    }
    await window.print(held.replace('102.168297', '104.168297').repeat(40));
    await page.locator('.growth-lag').getByText('40 events waiting').waitFor();
    await take('recording-paused');
    await page.getByRole('button', { name: 'Resume' }).click();
    await window.stop();
    await take('recording-ended');
  });

  test('what stands in its way', async () => {
    const files = { '/proc/self/mounts': 'proc /proc proc rw 0 0\n' };
    const window = await launchWindow({ host: 'loopback', width: 1280, height: 720, script: { steps: [], files } });
    onTestFinished(() => window.close());
    const { page } = window;
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Look again' }).waitFor();
    await settled(page);
    const picture = await page.screenshot({ path: join(folder, 'in-the-way.png'), animations: 'disabled' });
    expect(picture.length).toBeGreaterThan(20_000);
  });
});
