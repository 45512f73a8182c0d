import latin400 from '@fontsource/inter/files/inter-latin-400-normal.woff?url&inline';
import latin700 from '@fontsource/inter/files/inter-latin-700-normal.woff?url&inline';
import latinVariable from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url&inline';
import type { MeasureText } from '../../shared/view-model/display-list.ts';
import { readAdvances } from './read-advances.ts';
import { unwrapWoff } from './unwrap-woff.ts';

/** The font of the window, for pictures that are drawn without one. */
export interface WindowFont {
  /** As an SVG file carries it along. */
  readonly face: { readonly family: string; readonly url: string };
  /** OpenType files of its weights. */
  readonly files: readonly Uint8Array[];
  readonly measureText: MeasureText;
}

/** Unpacks the font that the program brings along; it asks the system for none. */
export function loadWindowFont(): WindowFont {
  const files = [latin400, latin700].map((url) => unwrapWoff(bytesOfDataUrl(url)));
  const advanceOf = readAdvances(files[0]!);
  return {
    face: { family: 'Inter', url: latinVariable },
    files,
    measureText: (text, size) => {
      let width = 0;
      for (const letter of text) width += advanceOf(letter.codePointAt(0)!);
      return width * size;
    },
  };
}

/** The bytes of a `data:…;base64,…` URL. */
export function bytesOfDataUrl(url: string): Uint8Array {
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}
