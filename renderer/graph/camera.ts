import type { GraphExtent } from '../../shared/graph/draw-graph.ts';
import type { NodePlace } from '../../shared/graph/holder-graph.ts';
import type { CssPixels } from '../../shared/units.ts';

/** How the picture lies on the screen: screen = scale × picture + (x, y). */
export interface Camera {
  readonly x: CssPixels;
  readonly y: CssPixels;
  readonly scale: number;
}

export interface ScreenSize {
  readonly width: CssPixels;
  readonly height: CssPixels;
}

const SMALLEST = 0.03;
const LARGEST = 3;
/** Below this names can no longer be read. */
const READABLE = 0.85;

/** Shows all of an extent, in the middle; never larger than life. */
export function fitCamera(extent: GraphExtent, screen: ScreenSize): Camera {
  const scale = Math.max(SMALLEST, Math.min(screen.width / extent.width, screen.height / extent.height, 1));
  return {
    scale,
    x: (screen.width - extent.width * scale) / 2 - extent.x * scale,
    y: (screen.height - extent.height * scale) / 2 - extent.y * scale,
  };
}

/** Shows as much as can be read: the whole layout, else what is there now, else what is around the centre. */
export function openingCamera(
  whole: GraphExtent,
  now: GraphExtent,
  centre: NodePlace | undefined,
  screen: ScreenSize,
): Camera {
  for (const extent of [whole, now]) {
    const camera = fitCamera(extent, screen);
    if (camera.scale >= READABLE) return camera;
  }
  const { x, y, width, height } = centre ?? now;
  const scale = READABLE;
  return {
    scale,
    x: keepWithin(screen.width / 2 - (x + width / 2) * scale, now.x * scale, now.width * scale, screen.width),
    y: keepWithin(screen.height / 2 - (y + height / 2) * scale, now.y * scale, now.height * scale, screen.height),
  };
}

/** The shift nearest to the wanted one that leaves no room empty at a border while there is something beyond the other. */
function keepWithin(wanted: CssPixels, start: CssPixels, size: CssPixels, room: CssPixels): CssPixels {
  if (size <= room) return (room - size) / 2 - start;
  return Math.min(-start, Math.max(room - size - start, wanted));
}

/**
 * Moves with a picture that was laid out anew, so that what the reader looks at stays where it was: the first of
 * `foremost` that is seen and in both pictures, else what is nearest to the middle of the screen.
 */
export function followLayout(
  camera: Camera,
  before: ReadonlyMap<string, NodePlace>,
  after: ReadonlyMap<string, NodePlace>,
  foremost: readonly (string | undefined)[],
  screen: ScreenSize,
): Camera {
  const fromMiddle = ({ x, y, width, height }: NodePlace) => [
    (x + width / 2) * camera.scale + camera.x - screen.width / 2,
    (y + height / 2) * camera.scale + camera.y - screen.height / 2,
  ];
  const far = (place: NodePlace) => Math.hypot(...fromMiddle(place));
  const isKept = (id: string | undefined) => {
    const place = id === undefined || !after.has(id) ? undefined : before.get(id);
    if (place === undefined) return false;
    const [x, y] = fromMiddle(place);
    return Math.abs(x!) <= screen.width / 2 && Math.abs(y!) <= screen.height / 2;
  };
  const common = [...before].filter(([id]) => after.has(id)).sort(([, a], [, b]) => far(a) - far(b));
  const id = foremost.find(isKept) ?? common[0]?.[0];
  if (id === undefined) return camera;
  const [old, now] = [before.get(id)!, after.get(id)!];
  const dx = (old.x - now.x) * camera.scale;
  const dy = (old.y - now.y) * camera.scale;
  return dx === 0 && dy === 0 ? camera : { ...camera, x: camera.x + dx, y: camera.y + dy };
}

/** Zooms so that what is under a point of the screen stays there. */
export function zoomCamera(camera: Camera, x: CssPixels, y: CssPixels, factor: number): Camera {
  const scale = Math.min(LARGEST, Math.max(SMALLEST, camera.scale * factor));
  const ratio = scale / camera.scale;
  return { scale, x: x - (x - camera.x) * ratio, y: y - (y - camera.y) * ratio };
}

/** Moves just so far that a node is seen whole. */
export function revealPlace(camera: Camera, { x, y, width, height }: NodePlace, screen: ScreenSize): Camera {
  const air = 12;
  const shift = (start: number, size: number, room: number) =>
    start < air ? air - start : start + size > room - air ? Math.max(room - air - size - start, air - start) : 0;
  const dx = shift(x * camera.scale + camera.x, width * camera.scale, screen.width);
  const dy = shift(y * camera.scale + camera.y, height * camera.scale, screen.height);
  return dx === 0 && dy === 0 ? camera : { ...camera, x: camera.x + dx, y: camera.y + dy };
}
