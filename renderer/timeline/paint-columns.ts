import type { Columns } from '../../shared/view-model/display-list.ts';

/** Where the pixels of columns are written before they are painted, and its size. */
interface Sheet {
  readonly context: OffscreenCanvasRenderingContext2D;
  readonly image: ImageData;
  /** One number per pixel of `image`. */
  readonly pixels: Uint32Array;
}

let sheet: Sheet | undefined;

/**
 * Paints bars of a pixel by writing their pixels: a path of as many edges costs ten times as much without a GPU, and on a screen of finer pixels a hundred times.
 *
 * A bar is as wide as a CssPixel and as exact in height as the screen; a pixel that it covers in part gets that part.
 */
export function paintColumns(
  context: CanvasRenderingContext2D,
  { x, y, tops, bottoms, opacity = 1 }: Columns,
  colour: string,
  ratio: number,
): void {
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < tops.length; i++) {
    if (tops[i]! < top) top = tops[i]!;
    if (bottoms[i]! > bottom) bottom = bottoms[i]!;
  }
  if (top >= bottom) return;
  // Rows of the screen's pixels, counted from its first one that has a part of a bar.
  const first = Math.floor((y + top) * ratio);
  const rows = Math.ceil((y + bottom) * ratio) - first;
  const shift = y * ratio - first;
  const width = tops.length;
  const { context: scratch, image, pixels } = sheetFor(width, rows);
  const across = image.width;
  const opaque = colourBits(colour);
  const ink = opaque & 0x00ff_ffff;
  const strength = opaque >>> 24;
  pixels.fill(0, 0, across * rows);
  for (let i = 0; i < width; i++) {
    const from = tops[i]! * ratio + shift;
    const to = bottoms[i]! * ratio + shift;
    // Also where a bar has no place: comparing with NaN is never true.
    if (!(from < to)) continue;
    const upper = Math.floor(from);
    const lower = Math.min(Math.floor(to), rows - 1);
    const cover = (row: number, part: number) => {
      pixels[row * across + i] = (ink | (Math.round(part * strength) << 24)) >>> 0;
    };
    if (upper === lower) {
      cover(upper, to - from);
      continue;
    }
    cover(upper, upper + 1 - from);
    for (let row = upper + 1, place = row * across + i; row < lower; row++, place += across) pixels[place] = opaque;
    cover(lower, to - lower);
  }
  scratch.putImageData(image, 0, 0, 0, 0, width, rows);
  context.globalAlpha = opacity;
  context.imageSmoothingEnabled = false;
  context.drawImage(scratch.canvas, 0, 0, width, rows, x, first / ratio, width, rows / ratio);
  context.globalAlpha = 1;
}

/** Kept from one painting to the next; a larger one takes its place where it is too small. */
function sheetFor(width: number, height: number): Sheet {
  if (sheet === undefined || sheet.image.width < width || sheet.image.height < height) {
    const canvas = new OffscreenCanvas(
      Math.max(width, sheet?.image.width ?? 0),
      Math.max(height, sheet?.image.height ?? 0),
    );
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('the browser paints no more canvases');
    const image = context.createImageData(canvas.width, canvas.height);
    sheet = { context, image, pixels: new Uint32Array(image.data.buffer) };
  }
  return sheet;
}

const known = new Map<string, number>();

/** Any colour of a style sheet as a pixel of an image has it. */
function colourBits(colour: string): number {
  let bits = known.get(colour);
  if (bits === undefined) {
    const { context } = sheetFor(1, 1);
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    bits = new Uint32Array(context.getImageData(0, 0, 1, 1).data.buffer)[0]!;
    known.set(colour, bits);
  }
  return bits;
}
