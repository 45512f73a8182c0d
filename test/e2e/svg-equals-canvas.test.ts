import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { build, type Rollup } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadWindowFont } from '../../electron/cli/window-font.ts';
import { analyse } from '../../shared/analysis/analyse.ts';
import { colourOf, type ExportTheme } from '../../shared/export/export-themes.ts';
import { printSvg } from '../../shared/export/print-svg.ts';
import { createRecordingView } from '../../shared/view-model/create-recording-view.ts';
import type { Colour, DisplayList } from '../../shared/view-model/display-list.ts';
import { drawTracks } from '../../shared/view-model/draw-tracks.ts';
import { launchBrowser } from '../support/launch-browser.ts';
import { readFixture, recordingOf } from '../support/read-fixture.ts';

const font = loadWindowFont();
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const launched = await launchBrowser({ host: 'loopback', files: [] });
  browser = launched.browser;
  page = await launched.context.newPage();
  await page.setContent(
    `<style>@font-face { font-family: Inter; src: url(${font.face.url}); font-weight: 100 900 }</style><canvas></canvas>`,
  );
  await page.addScriptTag({ content: await bundlePainter() });
  await page.evaluate(() =>
    Promise.all([document.fonts.load('400 11px Inter'), document.fonts.load('600 11px Inter')]),
  );
});
afterAll(() => browser?.close());

/** The window's own painter, as `window.painter`. */
async function bundlePainter(): Promise<string> {
  const entry = fileURLToPath(new URL('../../renderer/timeline/paint-display-list.ts', import.meta.url));
  const outputs = (await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'painter' } },
  })) as Rollup.RollupOutput[];
  return outputs[0]!.output[0].code;
}

function tracksOf(path: string, cursor: number): DisplayList {
  const recording = recordingOf(readFixture(`recordings/${path}`));
  const view = createRecordingView(path, recording, analyse(recording.table));
  const { modules, end, clock, refcounts } = view.summary();
  const names = modules.map(({ module }) => module).slice(0, 6);
  const scale = { from: -end * 0.02, to: end * 1.02, width: 800 };
  return drawTracks({
    scale,
    height: 420,
    scrollTop: 0,
    clock,
    refcounts,
    tracks: view.tracks({ modules: names, ...scale, maxLanes: 6 }),
    cursor: end * cursor,
    selectedModule: names[0],
    hoveredHold: undefined,
    selectedHolds: new Set([0]),
    measureText: font.measureText,
  });
}

/** How far the pixels of an SVG are from those of the canvas: on average, and how many differ by a quarter or more. */
async function compare(list: DisplayList, theme: ExportTheme, exported = list) {
  const { width, height } = list;
  const svg = printSvg(
    { width, height, title: '', description: '', parts: [{ x: 0, y: 0, list: exported }] },
    { theme, font: font.face },
  );
  const roles = new Set(list.items.map((item) => item.colour));
  const palette = Array.from(roles, (role): [Colour, string] => [role, colourOf(theme, role)]);
  return page.evaluate(
    async ({ list, palette, svg }) => {
      const { width, height } = list;
      const canvas = document.querySelector('canvas')!;
      (window as unknown as { painter: { paintDisplayList(...given: unknown[]): void } }).painter.paintDisplayList(
        canvas,
        list,
        new Map(palette),
      );
      const painted = canvas.getContext('2d')!.getImageData(0, 0, width, height).data;
      const image = new Image();
      image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
      await image.decode();
      const other = new OffscreenCanvas(width, height).getContext('2d')!;
      other.drawImage(image, 0, 0);
      const written = other.getImageData(0, 0, width, height).data;
      let sum = 0;
      let far = 0;
      for (let i = 0; i < painted.length; i += 4) {
        const distance = Math.max(...[0, 1, 2].map((part) => Math.abs(painted[i + part]! - written[i + part]!)));
        sum += distance;
        if (distance > 64) far++;
      }
      return { mean: sum / (width * height), far: far / (width * height) };
    },
    { list, palette, svg },
  );
}

describe('an exported SVG, drawn by the browser as an image, has the pixels of the window', () => {
  for (const path of [
    'seeds/vkms-held-by-logind.report.txt',
    'loop-mount/live/trace_pipe.txt',
    'storm/live/trace_pipe.slow-reader.txt.gz',
  ])
    for (const theme of ['light', 'dark'] as const)
      test(`${path}, ${theme}`, async () => {
        const { mean, far } = await compare(tracksOf(path, 0.4), theme);
        expect(mean).toBeLessThan(0.2);
        expect(far).toBeLessThan(0.0005);
      });

  test('a line that is drawn by columns, as one of thousands of steps is', async () => {
    const columns = Array.from({ length: 800 }, (_, i) => 60 + 40 * Math.sin(i / 3) + (i % 7) * 1.3);
    const list: DisplayList = {
      width: 800,
      height: 160,
      items: [
        { kind: 'rect', x: 0, y: 0, width: 800, height: 160, colour: 'background' },
        {
          kind: 'columns',
          x: 0,
          y: 10,
          tops: columns.map((y, i) => (i % 50 === 0 ? Number.NaN : y)),
          bottoms: columns.map(() => 140),
          colour: 'step-area',
          opacity: 0.25,
        },
        { kind: 'columns', x: 0, y: 10, tops: columns, bottoms: columns.map((y) => y + 12.4), colour: 'step-line' },
      ],
    };
    const { mean, far } = await compare(list, 'light');
    // Most of it is translucent, where each pixel may be rounded by one of 255.
    expect(mean).toBeLessThan(0.7);
    expect(far).toBeLessThan(0.0005);
  });

  test('and one whose spans stand two pixels further has not', async () => {
    const list = tracksOf('seeds/vkms-held-by-logind.report.txt', 0.4);
    const moved = list.items.map((item) => (item.kind === 'rect' ? { ...item, x: item.x + 2 } : item));
    const { far } = await compare(list, 'light', { ...list, items: moved });
    expect(far).toBeGreaterThan(0.0005);
  });
});
