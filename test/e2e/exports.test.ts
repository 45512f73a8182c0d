import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchedWindow, launchWindow, windowHosts } from '../support/launch-window.ts';
import { drop, faultsOf, fixture, openByDialog, openSample, press, selectModule, settled } from './drive-window.ts';

/** Width and height of a PNG. Source: PNG specification, IHDR. */
function sizeOfPng(png: Buffer): readonly [number, number] {
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

function sizeOfSvg(svg: string): readonly [number, number] {
  const [, width, height] = /<svg[^>]* width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  return [Number(width), Number(height)];
}

async function choose(page: Page, kind: string, ...options: readonly string[]): Promise<void> {
  await page.locator('.export-kind', { has: page.getByText(kind, { exact: true }) }).click();
  for (const option of options) await page.locator('.dialog .choice-option').getByText(option, { exact: true }).click();
}

/** By which of the three ways the rows are narrowed. */
async function narrowBy(page: Page, ...names: readonly string[]): Promise<void> {
  for (const box of await page.locator('.row-choice').all()) {
    const input = box.getByRole('checkbox');
    if (await input.isEnabled()) await input.setChecked(names.includes((await box.innerText()).split('\n')[0]!.trim()));
  }
  await settled(page);
}

async function save(page: Page): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save', exact: true }).click(),
  ]);
  await settled(page);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

describe.each(windowHosts)('exports on %s', (host) => {
  let window: LaunchedWindow;
  let wide = '';
  beforeAll(async () => {
    const lines = Array.from(
      { length: 63 },
      (_, i) => `  a-1 [000] ..... ${i}.000000: module_get: module_${i} call_site=x refcnt=2\n`,
    );
    wide = join(await mkdtemp(join(tmpdir(), 'modshark-wide-')), 'wide.txt');
    await writeFile(wide, lines.join(''));
    window = await launchWindow({ host, width: 1440, height: 900 });
    await openSample(window.page, 'vkms-held-by-logind');
    await press(window.page, 'p');
    await press(window.page, 'Shift+A');
    await press(window.page, 'm');
    await window.page.keyboard.type('logind opens the card');
    await press(window.page, 'Enter');
    await press(window.page, 'Control+e');
  });
  afterAll(async () => {
    await window.close();
    await rm(dirname(wide), { recursive: true });
  });

  test('the dialog has no serious fault in either theme', async () => {
    for (const theme of ['dark', 'light'] as const) {
      await window.page.emulateMedia({ colorScheme: theme });
      await settled(window.page);
      expect(await faultsOf(window.page)).toEqual([]);
    }
  });

  test('the timeline as SVG has marker and note, needs nothing else, and another program draws it in full size', async () => {
    const { page } = window;
    await choose(page, 'Timeline', 'SVG', '2×', 'Dark', 'The whole recording');
    const { name, bytes } = await save(page);
    const svg = bytes.toString('utf8');
    expect(name).toBe('vkms-held-by-logind-timeline.svg');
    expect(svg).toContain('logind opens the card');
    expect(svg).toContain('systemd-logind-545');
    expect(svg).toContain('#161b23');
    expect(svg.replaceAll(/xmlns="[^"]*"/g, '')).not.toMatch(/https?:/);
    const png = execFileSync('rsvg-convert', { input: bytes, maxBuffer: 2 ** 28 });
    expect(sizeOfPng(png)).toEqual(sizeOfSvg(svg));
  });

  test('the timeline as PNG has exactly so many times its size', async () => {
    const { page } = window;
    await choose(page, 'Timeline', 'SVG', '1×', 'Light', 'The time in view');
    const [width, height] = sizeOfSvg((await save(page)).bytes.toString('utf8'));
    for (const scale of [1, 3, 4]) {
      await choose(page, 'Timeline', 'PNG', `${scale}×`);
      expect(sizeOfPng((await save(page)).bytes)).toEqual([width * scale, height * scale]);
    }
  });

  test('the picture has the pixels of the window', async () => {
    const { page } = window;
    await choose(page, 'Timeline', 'PNG', '1×', 'Light', 'The time in view');
    const exported = (await save(page)).bytes.toString('base64');
    await press(page, 'Escape');
    await page.mouse.move(2, 2);
    await page.getByTitle('Back to the start screen').focus();
    const shown = (await page.locator('.track-canvas canvas').screenshot()).toString('base64');
    await press(page, 'Control+e');
    const { mean, far } = await page.evaluate(
      async ({ exported, shown }) => {
        const pixels = async (base64: string, x: number, y: number, width: number, height: number) => {
          const image = new Image();
          image.src = `data:image/png;base64,${base64}`;
          await image.decode();
          const context = new OffscreenCanvas(width, height).getContext('2d')!;
          context.drawImage(image, -x, -y);
          return context.getImageData(0, 0, width, height).data;
        };
        const canvas = document.querySelector<HTMLCanvasElement>('.track-canvas canvas')!;
        // The ruler and the first track: below it the window has a selected track, which the file has not.
        const [width, height] = [canvas.clientWidth, 100];
        const one = await pixels(shown, 0, 0, width, height);
        const other = await pixels(exported, 152, 40, width, height);
        let sum = 0;
        let far = 0;
        for (let i = 0; i < one.length; i += 4) {
          const distance = Math.max(...[0, 1, 2].map((part) => Math.abs(one[i + part]! - other[i + part]!)));
          sum += distance;
          if (distance > 64) far++;
        }
        return { mean: sum / (width * height), far: far / (width * height) };
      },
      { exported, shown },
    );
    expect(mean).toBeLessThan(1);
    expect(far).toBeLessThan(0.002);
  });

  test('the holder graph as SVG and PNG', async () => {
    const { page } = window;
    await choose(page, 'Holder graph', 'SVG', '2×', 'Every module');
    const svg = (await save(page)).bytes.toString('utf8');
    expect(svg).toContain('systemd-logind-545');
    expect(svg).toContain('drm_kms_helper');
    await choose(page, 'Holder graph', 'PNG');
    expect(sizeOfPng((await save(page)).bytes)).toEqual(sizeOfSvg(svg));
  });

  test('what is seen is what the filter leaves and nobody hid', async () => {
    const { page } = window;
    await press(page, 'Escape');
    await press(page, '/');
    await page.keyboard.type('module:drm*');
    await settled(page);
    await press(page, 'Control+e');
    await choose(page, 'Timeline', 'SVG', 'The time in view');
    const svg = (await save(page)).bytes.toString('utf8');
    expect(svg).toContain('>drm</text>');
    expect(svg).not.toContain('>sysimgblt</text>');
    await press(page, 'Escape');
    await page.locator('#event-filter').fill('');
    await settled(page);
    await press(page, 'Control+e');
  });

  test('rows go by the time in view, the tracks that are shown and the filter, each as chosen and counted', async () => {
    const { page } = window;
    await press(page, 'Escape');
    await page.locator('#event-filter').fill('task:systemd-logind ');
    await press(page, 'Escape');
    await selectModule(page, 'vkms');
    await page.getByRole('button', { name: 'Hide drm', exact: true }).click();
    await settled(page);
    await press(page, 'Control+e');
    await choose(page, 'Events', 'JSON');
    const told = () => page.locator('.row-count').innerText();
    const counts: string[] = [];
    for (const names of [[], ['What passes the filter'], ['What passes the filter', 'Tracks that are shown']]) {
      await narrowBy(page, ...names);
      counts.push(await told());
      const { events, selection } = JSON.parse((await save(page)).bytes.toString('utf8'));
      expect(await told()).toContain(`${events.length} of 26 events`);
      expect(selection.filter).toBe(names.length > 0 ? 'task:systemd-logind ' : null);
    }
    expect(counts.map((count) => Number.parseInt(count, 10))).toEqual([26, 4, 1]);
    await choose(page, 'Perfetto trace');
    expect(await told()).toBe('1 of 26 events and 1 hold will be written.');
    await press(page, 'Escape');
    await page.locator('#event-filter').fill('');
    await press(page, 'Escape');
    await page.getByRole('button', { name: '1 hidden' }).click();
    await page
      .getByRole('button', { name: /Show drm|Show all/ })
      .first()
      .click();
    await press(page, 'Escape');
    await press(page, 'Control+e');
  });

  test('every event and hold is in the tables once', async () => {
    const { page } = window;
    await choose(page, 'Events', 'CSV');
    await narrowBy(page);
    expect(await page.locator('.row-count').innerText()).toBe('26 of 26 events will be written.');
    const csv = (await save(page)).bytes.toString('utf8').trimEnd().split('\r\n');
    await choose(page, 'Events', 'JSON');
    const events = JSON.parse((await save(page)).bytes.toString('utf8'));
    expect(csv).toHaveLength(26 + 1);
    expect(events.recording.events).toBe(26);
    expect(new Set(events.events.map(({ line }: { line: number }) => line)).size).toBe(26);
    await choose(page, 'Holds', 'JSON');
    const holds = JSON.parse((await save(page)).bytes.toString('utf8')).holds;
    await choose(page, 'Holds', 'CSV');
    expect((await save(page)).bytes.toString('utf8').trimEnd().split('\r\n')).toHaveLength(holds.length + 1);
    expect(
      holds.filter(({ module, open }: { module: string; open: boolean }) => module === 'vkms' && open),
    ).toHaveLength(1);
  });

  test('a Perfetto trace has a slice for each hold', async () => {
    const { page } = window;
    await choose(page, 'Perfetto trace');
    const { name, bytes } = await save(page);
    expect(name).toBe('vkms-held-by-logind-perfetto.json');
    const { traceEvents } = JSON.parse(bytes.toString('utf8')) as { traceEvents: { ph: string }[] };
    const count = (ph: string) => traceEvents.filter((event) => event.ph === ph).length;
    expect(count('i')).toBe(26);
    expect(count('b')).toBe(count('e'));
  });

  test('the report names the holder, the evidence, the note and the file', async () => {
    const { page } = window;
    await choose(page, 'Report', 'vkms');
    const text = (await save(page)).bytes.toString('utf8');
    expect(text).toContain('# Who holds `vkms`?');
    expect(text).toContain('systemd-logind');
    expect(text).toContain('logind opens the card');
    expect(text).toMatch(/SHA-256 `[0-9a-f]{64}`/);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByText('on the clipboard').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
    await press(page, 'Escape');
  });

  test('a recording of more tracks than a picture takes says so in the dialog and in the picture', async () => {
    const { page } = window;
    await drop(page, wide);
    await press(page, 'Control+e');
    await choose(page, 'Timeline', 'SVG', '1×', 'The whole recording');
    expect(await page.locator('.row-count').innerText()).toBe(
      '23 tracks of 63 will not be in the picture, which says so.',
    );
    expect((await save(page)).bytes.toString('utf8')).toContain('23 more modules have no track in this picture.');
    await choose(page, 'Timeline', 'All 63');
    expect(await page.locator('.row-count').count()).toBe(0);
    const all = (await save(page)).bytes.toString('utf8');
    expect(all).not.toContain('no track in this picture');
    for (const scale of [1, 2]) {
      await choose(page, 'Timeline', 'PNG', `${scale}×`);
      const [width, height] = sizeOfSvg(all);
      expect(sizeOfPng((await save(page)).bytes)).toEqual([width * scale, height * scale]);
    }
    await choose(page, 'Timeline', 'The first 40');
    await press(page, 'Escape');
  });

  test('150,000 events are written while the window lives, and one that is cancelled leaves no file', async () => {
    const { page } = window;
    await openByDialog(window, fixture('storm/live/trace_pipe.txt.gz'));
    const all = Number(
      (await page.locator('.recording-facts').innerText()).match(/([\d,]+) events/)?.[1]?.replaceAll(',', ''),
    );
    await press(page, 'Control+e');
    await choose(page, 'Events', 'JSON');
    await narrowBy(page);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await settled(page);
    expect(await page.locator('.export-outcome').innerText()).toBe('');
    await choose(page, 'Events', 'CSV');
    const lines = (await save(page)).bytes.toString('utf8').trimEnd().split('\r\n');
    expect(lines).toHaveLength(all + 1);
    await press(page, 'Escape');
  });
});
