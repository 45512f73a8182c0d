import { useEffect, useRef, useState } from 'react';
import { beginWork } from '../state/activity.ts';
import { useStore, type VisibleWindow } from '../state/store.ts';

/** As long as looks at a growing recording are apart where little comes: one glide goes over into the next. */
const GLIDE_MS = 120;

/** The visible window as it is painted: while it follows the latest event it glides, unless motion is not wanted. */
export function useGlidingWindow(): VisibleWindow {
  const window = useStore((state) => state.window);
  const follows = useStore((state) => state.following !== undefined);
  const [shown, setShown] = useState(window);
  const latest = useRef(window);
  latest.current = follows ? shown : window;

  useEffect(() => {
    const start = latest.current;
    if (!follows || matchMedia('(prefers-reduced-motion: reduce)').matches) {
      setShown(window);
      return;
    }
    const ended = beginWork();
    const begun = performance.now();
    const step = (now: number) => {
      const part = Math.min(1, Math.max(0, now - begun) / GLIDE_MS);
      const between = (a: number, b: number) => (part === 1 ? b : a + (b - a) * part);
      setShown({ from: between(start.from, window.from), to: between(start.to, window.to) });
      if (part === 1) ended();
      else frame = requestAnimationFrame(step);
    };
    let frame = requestAnimationFrame(step);
    return () => {
      cancelAnimationFrame(frame);
      ended();
    };
  }, [window, follows]);

  return follows ? shown : window;
}
