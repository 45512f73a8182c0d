import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { rasteriseSvg } from '../../../electron/cli/rasterise-svg.ts';
import { loadWindowFont } from '../../../electron/cli/window-font.ts';
import { COLOUR_VARIABLES } from '../../../renderer/timeline/read-palette.ts';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { drawTimeline } from '../../../shared/export/draw-timeline.ts';
import { colourOf, type ExportTheme, exportThemes } from '../../../shared/export/export-themes.ts';
import { type Picture, printSvg } from '../../../shared/export/print-svg.ts';
import { createRecordingView } from '../../../shared/view-model/create-recording-view.ts';
import { type Colour, type DisplayItem, HOLDER_COLOURS } from '../../../shared/view-model/display-list.ts';
import { orderTracks } from '../../../shared/view-model/order-tracks.ts';
import type { RecordingView } from '../../../shared/view-model/recording-view.ts';
import { readFixture, recordingOf } from '../../support/read-fixture.ts';

const font = loadWindowFont();

/** What an XML parser finds: names of elements and the text in them. Throws where the text is not well-formed. */
function parseXml(text: string): { readonly elements: string[]; readonly texts: string[] } {
  const parser = new SaxesParser();
  const elements: string[] = [];
  const texts: string[] = [];
  parser.on('opentag', ({ name }) => elements.push(name));
  parser.on('text', (found) => texts.push(found));
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(text).close();
  return { elements, texts };
}

/** Line ends are one character to XML, and what it cannot hold is a replacement. */
function asXmlHolds(text: string): string {
  return Array.from(text.replace(/\r\n?/g, '\n'), (letter) => {
    const code = letter.codePointAt(0)!;
    const held = code >= 0x20 ? code < 0xfffe || code > 0xffff : code === 9 || code === 10;
    return held && !(code >= 0xd800 && code < 0xe000) ? letter : '\ufffd';
  }).join('');
}

function pictureOf(items: readonly DisplayItem[]): Picture {
  const list = { width: 100, height: 50, items };
  return { width: 100, height: 50, title: 'A', description: 'B', parts: [{ x: 0, y: 0, list }] };
}

function openView(path: string): RecordingView {
  const recording = recordingOf(readFixture(`recordings/${path}`));
  return createRecordingView(path, recording, analyse(recording.table));
}

const timelineOf = (path: string) => drawWhole(openView(path));

function drawWhole(view: RecordingView): Picture {
  const { modules, end } = view.summary();
  return drawTimeline(view, {
    modules: orderTracks(modules).map(({ module }) => module),
    leftOut: 0,
    filter: '',
    from: 0,
    to: end,
    width: 1000,
    maxLanes: 12,
    measureText: font.measureText,
  });
}

/** Width and height in the header of a PNG. Source: PNG, 11.2.1 (IHDR) */
function sizeOfPng(png: Uint8Array): [number, number] {
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
}

describe('an SVG', () => {
  test('is well-formed XML with every text in it, whatever the names are', () => {
    const name = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(name, name, (text, title) => {
        const item: DisplayItem = { kind: 'text', x: 1, y: 2, text, colour: 'text', size: 11, align: 'left' };
        const { elements, texts } = parseXml(printSvg({ ...pictureOf([item]), title }, { theme: 'light' }));
        expect(elements).toEqual(['svg', 'title', 'desc', 'rect', 'svg', 'text']);
        expect(texts.join('')).toContain(asXmlHolds(text));
      }),
    );
  });

  test('of every real recording is well-formed, names every module and carries nothing from elsewhere', () => {
    for (const path of [
      'comm-names/live/trace_pipe.txt',
      'seeds/vkms-held-by-logind.report.txt',
      'loop-mount/live/trace_pipe.txt',
    ]) {
      const picture = timelineOf(path);
      const svg = printSvg(picture, { theme: 'dark', font: font.face });
      const { texts } = parseXml(svg);
      expect(texts.join('\n')).toContain(path);
      expect(svg).not.toMatch(
        /(?:href|src)="?(?!url)|<script|javascript:|<foreignObject|https?:(?!\/\/www\.w3\.org\/2000\/svg")/,
      );
    }
  });

  test('of a timeline has the flag of a suspend, as the window does', () => {
    const view = openView('seeds/vkms-held-by-logind.report.txt');
    const summary = { ...view.summary(), sleeps: [{ time: view.summary().end / 2, seconds: 3725.4 }] };
    const svg = printSvg(drawWhole({ ...view, summary: () => summary }), { theme: 'light' });
    expect(parseXml(svg).texts).toContain('slept for 1:02:05');
  });

  test('says where each thing stands', () => {
    const svg = printSvg(
      pictureOf([
        { kind: 'rect', x: 1, y: 2, width: 10, height: 6, colour: 'holder-2', radius: 2, opacity: 0.5 },
        { kind: 'rect', x: 0, y: 0, width: 10, height: 6, colour: 'hover', outline: 2 },
        { kind: 'polyline', points: [3.4, 0, 3.4, 20], colour: 'grid', lineWidth: 1 },
        { kind: 'polyline', points: [0, 1, 2, 3, 4, 5.12345], colour: 'step-line', lineWidth: 1.5, dashed: true },
        { kind: 'polygon', points: [0, 0, 5, 0, 5, 5], colour: 'cursor' },
        { kind: 'text', x: 50, y: 10, text: 'a & b', colour: 'text-muted', size: 10, align: 'centre', bold: true },
      ]),
      { theme: 'light' },
    );
    expect(svg).toContain(
      `<rect x="1" y="2" width="10" height="6" rx="2" fill="${colourOf('light', 'holder-2')}" opacity="0.5"/>`,
    );
    expect(svg).toContain(
      `<rect x="1" y="1" width="8" height="4" fill="none" stroke="${colourOf('light', 'hover')}" stroke-width="2"/>`,
    );
    expect(svg).toContain('points="3.5,0.5 3.5,20.5"');
    expect(svg).toContain(
      `points="0,1 2,3 4,5.123" fill="none" stroke="${colourOf('light', 'step-line')}" stroke-width="1.5" stroke-linejoin="round" stroke-dasharray="4 3"/>`,
    );
    expect(svg).toContain(`<polygon points="0,0 5,0 5,5" fill="${colourOf('light', 'cursor')}"/>`);
    expect(svg).toContain(
      `<text x="50" y="13.506" font-size="10" font-weight="600" text-anchor="middle" fill="${colourOf('light', 'text-muted')}">a &amp; b</text>`,
    );
  });

  test('has one pattern for hatches that go on in each other', () => {
    const hatch = (x: number, y: number): DisplayItem => ({
      kind: 'hatch',
      x,
      y,
      width: 8,
      height: 20,
      colour: 'lost',
    });
    const svg = printSvg(pictureOf([hatch(0, 2), hatch(30, 2), hatch(0, 14), hatch(0, 3)]), { theme: 'print' });
    expect(parseXml(svg).elements.filter((name) => name === 'pattern')).toHaveLength(2);
    expect(svg.match(/url\(#hatch-lost-2\)/g)).toHaveLength(3);
  });

  test('is exactly as large as was asked for, and so is what other programs make of it', async () => {
    const picture = timelineOf('comm-names/live/trace_pipe.txt');
    const hasRsvg = spawnSync('rsvg-convert', ['--version']).status === 0;
    for (const scale of [1, 2, 3, 4]) {
      const svg = printSvg(picture, { theme: 'light', scale });
      const size = [picture.width * scale, picture.height * scale];
      expect(sizeOfPng(await rasteriseSvg(svg, font))).toEqual(size);
      if (hasRsvg)
        expect(sizeOfPng(spawnSync('rsvg-convert', [], { input: svg, maxBuffer: 1 << 26 }).stdout)).toEqual(size);
    }
  }, 60_000);
});

describe('the themes of files', () => {
  /** The custom properties of a rule of the window's style sheet. */
  function tokensOf(theme: string): Map<string, string> {
    const css = readFileSync(new URL('../../../renderer/theme/tokens.css', import.meta.url), 'utf8');
    const start = css.indexOf(`:root[data-theme="${theme}"]`);
    const rule = css.slice(start, css.indexOf('}', start));
    return new Map(Array.from(rule.matchAll(/(--[\w-]+):\s*([^;]+);/g), ([, name, value]) => [name!, value!]));
  }

  test('light and dark are those of the window', () => {
    for (const theme of ['light', 'dark'] as const) {
      const tokens = tokensOf(theme);
      for (const [role, variable] of COLOUR_VARIABLES)
        expect(`${role} ${colourOf(theme, role)}`).toBe(`${role} ${tokens.get(variable)}`);
    }
  });

  test('all let their words be read, on spans too', () => {
    for (const theme of exportThemes) {
      expect(contrast(theme, 'text', 'background')).toBeGreaterThan(7);
      expect(contrast(theme, 'text-muted', 'background')).toBeGreaterThan(4.5);
      for (let i = 0; i < HOLDER_COLOURS; i++)
        expect(contrast(theme, 'text-on-span', `holder-${i}`)).toBeGreaterThan(4.5);
    }
  });

  /** Source: WCAG 2.2, contrast ratio */
  function contrast(theme: ExportTheme, one: Colour, other: Colour): number {
    const [dark, light] = [one, other].map((role) => luminance(colourOf(theme, role))).sort((a, b) => a - b) as [
      number,
      number,
    ];
    return (light + 0.05) / (dark + 0.05);
  }

  function luminance(colour: string): number {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
});

test('widths of texts are those that a browser measures in the same font', () => {
  // Measured by Chromium's canvas in Inter 5 at 1000 pixels, letter by letter.
  expect(font.measureText('systemd-logind-545 · drm_stub_open', 1000)).toBeCloseTo(17_740.7, 0);
  expect(font.measureText('H', 11)).toBeCloseTo(8.175, 2);
});
