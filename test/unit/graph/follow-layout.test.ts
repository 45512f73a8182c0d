import { describe, expect, it } from 'vitest';
import { type Camera, followLayout } from '../../../renderer/graph/camera.ts';
import type { NodePlace } from '../../../shared/graph/holder-graph.ts';

const screen = { width: 800, height: 400 };
const camera: Camera = { x: 40, y: -20, scale: 0.5 };

/** `drm 0 100`: a node and where it is. */
function places(...lines: readonly string[]): ReadonlyMap<string, NodePlace> {
  return new Map(
    lines.map((line) => {
      const [id, x, y] = line.split(' ');
      return [id!, { x: Number(x), y: Number(y), width: 120, height: 40 }];
    }),
  );
}

const onScreen = ({ x, y, scale }: Camera, at: NodePlace) => [at.x * scale + x, at.y * scale + y];

describe('a graph that is laid out anew while somebody reads it', () => {
  const before = places('drm 600 300', 'vkms 300 300', 'logind 0 300');
  const after = places('drm 700 350', 'vkms 350 380', 'logind 0 350', 'Xorg 0 420');

  it('keeps the node that he is on where it was, and its size', () => {
    const moved = followLayout(camera, before, after, ['vkms', 'drm'], screen);
    expect(moved.scale).toBe(camera.scale);
    expect(onScreen(moved, after.get('vkms')!)).toEqual(onScreen(camera, before.get('vkms')!));
  });

  it('else what is nearest to the middle of the screen', () => {
    const moved = followLayout(camera, before, after, [undefined, 'gone'], screen);
    expect(onScreen(moved, after.get('drm')!)).toEqual(onScreen(camera, before.get('drm')!));
  });

  it('nor does it follow a node that was moved out of sight', () => {
    const away: Camera = { ...camera, x: -260 };
    const moved = followLayout(away, before, after, ['logind'], screen);
    expect(onScreen(moved, after.get('drm')!)).toEqual(onScreen(away, before.get('drm')!));
  });

  it('stays where it is where nothing moved, or nothing is left of what there was', () => {
    expect(followLayout(camera, before, places('drm 600 300', 'new 0 0'), ['drm'], screen)).toBe(camera);
    expect(followLayout(camera, before, places('new 0 0'), ['drm'], screen)).toBe(camera);
  });
});
