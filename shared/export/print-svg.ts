import type { CssPixels } from '../units.ts';
import type { DisplayList } from '../view-model/display-list.ts';
import { escapeXml } from './escape-xml.ts';
import { colourOf, type ExportTheme } from './export-themes.ts';
import { printNumber, SvgItems } from './print-svg-items.ts';

/** A picture put together of display lists, each clipped to its own place. */
export interface Picture {
  readonly width: CssPixels;
  readonly height: CssPixels;
  /** What the picture is called and what it shows, for who cannot see it. */
  readonly title: string;
  readonly description: string;
  readonly parts: readonly PicturePart[];
}

export interface PicturePart {
  readonly x: CssPixels;
  readonly y: CssPixels;
  readonly list: DisplayList;
}

export interface SvgOptions {
  readonly theme: ExportTheme;
  /** Pixels per CssPixel of the size that is written; the coordinates stay the same. 1 without it. */
  readonly scale?: number;
  /** A font to carry along, so that the picture looks the same where it is not installed: family and data: URL. */
  readonly font?: { readonly family: string; readonly url: string };
}

/** The fonts of the window. */
const SVG_FONTS = 'Inter, Cantarell, Ubuntu, "Noto Sans", "Liberation Sans", system-ui, sans-serif';

/** Writes a picture as one SVG file that needs nothing else and runs nothing. */
export function printSvg(picture: Picture, options: SvgOptions): string {
  const { width, height, title, description, parts } = picture;
  const { theme, scale = 1, font } = options;
  const items = new SvgItems((colour) => colourOf(theme, colour));
  const body = parts.map(({ x, y, list }) =>
    [
      `<svg x="${printNumber(x)}" y="${printNumber(y)}" width="${printNumber(list.width)}" height="${printNumber(list.height)}" overflow="hidden">`,
      ...list.items.map((item) => items.print(item)),
      '</svg>',
    ].join('\n'),
  );
  const [w, h] = [printNumber(width), printNumber(height)];
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.round(width * scale)}" height="${Math.round(height * scale)}" viewBox="0 0 ${w} ${h}" xml:space="preserve" role="img" aria-labelledby="title description" font-family="${escapeXml(SVG_FONTS)}">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="description">${escapeXml(description)}</desc>`,
    ...(font === undefined
      ? []
      : [
          `<style>@font-face{font-family:"${escapeXml(font.family)}";src:url("${escapeXml(font.url)}");font-weight:100 900}</style>`,
        ]),
    ...items.definitions(),
    `<rect width="${w}" height="${h}" fill="${colourOf(theme, 'background')}"/>`,
    ...body,
    '</svg>',
  ].join('\n')}\n`;
}
