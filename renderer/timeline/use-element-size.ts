import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import type { CssPixels } from '../../shared/units.ts';

interface Size {
  readonly width: CssPixels;
  readonly height: CssPixels;
}

/** The size of an element, followed as it changes; zero until it is known. */
export function useElementSize<E extends HTMLElement>(): readonly [RefObject<E | null>, Size] {
  const element = useRef<E | null>(null);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const observed = element.current;
    if (observed === null) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = observed;
      setSize((old) => (old.width === width && old.height === height ? old : { width, height }));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(observed);
    measure();
    return () => observer.disconnect();
  }, []);
  return [element, size];
}
