import { initWasm, Resvg } from '@resvg/resvg-wasm';
import rasteriser from '@resvg/resvg-wasm/index_bg.wasm?url&inline';
import { bytesOfDataUrl, type WindowFont } from './window-font.ts';

let ready: Promise<void> | undefined;

/** An SVG as PNG, one pixel for each that the SVG says it is large. */
export async function rasteriseSvg(svg: string, font: WindowFont): Promise<Uint8Array> {
  ready ??= initWasm(bytesOfDataUrl(rasteriser));
  await ready;
  const picture = new Resvg(svg, { font: { fontBuffers: [...font.files], defaultFontFamily: font.face.family } });
  const image = picture.render();
  const png = image.asPng();
  image.free();
  picture.free();
  return png;
}
