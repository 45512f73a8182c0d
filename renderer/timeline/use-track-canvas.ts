import { type RefObject, useEffect, useRef } from 'react';
import { drawTracks, type TrackScene } from '../../shared/view-model/draw-tracks.ts';
import { beginWork } from '../state/activity.ts';
import { useTheme } from '../theme/use-theme.ts';
import { paintDisplayList } from './paint-display-list.ts';
import { readPalette } from './read-palette.ts';

/** Paints the scene at the next frame, once for however many changes came before it. */
export function useTrackCanvas(scene: TrackScene): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement | null>(null);
  const theme = useTheme();

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme has new colours
  useEffect(() => {
    const ended = beginWork();
    const frame = requestAnimationFrame(() => {
      if (canvas.current !== null && scene.scale.width > 0)
        paintDisplayList(canvas.current, drawTracks(scene), readPalette());
      ended();
    });
    return () => {
      cancelAnimationFrame(frame);
      ended();
    };
  }, [scene, theme]);
  return canvas;
}
