import { describe, expect, test } from 'vitest';
import { fitCamera, openingCamera, revealPlace, zoomCamera } from '../../../renderer/graph/camera.ts';

const screen = { width: 1_000, height: 400 };
const node = (x: number, y: number) => ({ x, y, width: 184, height: 40 });

describe('fitting', () => {
  test('a small picture is shown in the middle, as large as life', () => {
    expect(fitCamera({ x: 100, y: 50, width: 400, height: 200 }, screen)).toEqual({ scale: 1, x: 200, y: 50 });
  });

  test('a large one is made smaller until all of it is seen', () => {
    const { scale, x, y } = fitCamera({ x: 0, y: 0, width: 2_000, height: 1_600 }, screen);
    expect([scale, x, y]).toEqual([0.25, 250, 0]);
  });
});

describe('opening a picture', () => {
  const whole = { x: 0, y: 0, width: 4_000, height: 3_000 };

  test('all of the layout is shown where it can be read, so that the next times fit too', () => {
    const small = { x: 0, y: 0, width: 1_100, height: 300 };
    expect(openingCamera(small, node(0, 0), undefined, screen)).toEqual(fitCamera(small, screen));
  });

  test('else what is there now', () => {
    const now = { x: 2_000, y: 1_000, width: 600, height: 300 };
    expect(openingCamera(whole, now, undefined, screen)).toEqual(fitCamera(now, screen));
  });

  test('else what is around the centre, with no room left empty at a border', () => {
    const { scale, x, y } = openingCamera(whole, whole, node(0, 1_500), screen);
    expect(scale).toBeGreaterThan(0.5);
    expect(x).toBeCloseTo(0);
    expect(1_520 * scale + y).toBeCloseTo(200);
  });
});

test('zooming keeps what is under the pointer where it is, and has its limits', () => {
  const camera = { scale: 1, x: 30, y: -10 };
  const zoomed = zoomCamera(camera, 400, 100, 1.5);
  expect((400 - zoomed.x) / zoomed.scale).toBeCloseTo((400 - camera.x) / camera.scale);
  expect((100 - zoomed.y) / zoomed.scale).toBeCloseTo((100 - camera.y) / camera.scale);
  expect(zoomCamera(camera, 0, 0, 1e9).scale).toBeLessThanOrEqual(3);
  expect(zoomCamera(camera, 0, 0, 1e-9).scale).toBeGreaterThan(0);
});

test('a node that is walked to is brought into sight, and one that is in sight moves nothing', () => {
  const camera = { scale: 1, x: 0, y: 0 };
  expect(revealPlace(camera, node(300, 100), screen)).toBe(camera);
  expect(revealPlace(camera, node(1_200, -100), screen)).toEqual({ scale: 1, x: -396, y: 112 });
});
