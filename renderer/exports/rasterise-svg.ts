import type { Problem } from '../../shared/problem.ts';

export type RasterisedPicture =
  | { readonly ok: true; readonly png: Blob }
  | { readonly ok: false; readonly problem: Problem };

/** More a side, or in all, and no browser has such a canvas, and few programs open the picture. */
const LARGEST_SIDE = 32_767;
const MOST_PIXELS = 2 ** 27;

/** An SVG as PNG: one pixel for each that the SVG says it is large. */
export async function rasteriseSvg(svg: Blob): Promise<RasterisedPicture> {
  const [width, height] = await sizeOf(svg);
  if (Math.max(width, height) > LARGEST_SIDE || width * height > MOST_PIXELS)
    return { ok: false, problem: tooLarge(width, height) };
  const address = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    if (context === null) return { ok: false, problem: tooLarge(width, height) };
    context.drawImage(image, 0, 0, width, height);
    return { ok: true, png: await canvas.convertToBlob({ type: 'image/png' }) };
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** As the root element says. */
async function sizeOf(svg: Blob): Promise<[width: number, height: number]> {
  const start = await svg.slice(0, 1024).text();
  const read = (name: string) => Number(new RegExp(`<svg[^>]* ${name}="(\\d+)"`).exec(start)?.[1]);
  return [read('width'), read('height')];
}

function tooLarge(width: number, height: number): Problem {
  return {
    what: 'The picture would be too large.',
    why: `It would have ${width} × ${height} pixels.`,
    remedy: 'Hide some tracks, take a smaller size, or save it as SVG, which has no pixels.',
  };
}
