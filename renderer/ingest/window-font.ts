import interUrl from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url';
import type { MeasureText } from '../../shared/view-model/display-list.ts';

/** The window's font in the worker, which sees none of the page's. */
export interface WindowFont {
  /** As an SVG file carries it along: family and data: URL. */
  readonly face: { readonly family: string; readonly url: string };
  readonly measureText: MeasureText;
}

let loading: Promise<WindowFont> | undefined;

/** Fetches the window’s font once, for pictures that carry it. */
export function loadWindowFont(): Promise<WindowFont> {
  loading ??= load();
  return loading;
}

async function load(): Promise<WindowFont> {
  const response = await fetch(interUrl);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const face = new FontFace('Inter', bytes, { weight: '100 900' });
  // A worker's own fonts; the type says window.
  (self as unknown as { fonts: FontFaceSet }).fonts.add(await face.load());
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (context === null) throw new Error('a canvas to measure text on was refused');
  return {
    face: { family: 'Inter', url: `data:font/woff2;base64,${toBase64(bytes)}` },
    measureText: (text, size) => {
      context.font = `400 ${size}px Inter, sans-serif`;
      return context.measureText(text).width;
    },
  };
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
