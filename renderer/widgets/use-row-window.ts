import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { CssPixels } from '../../shared/units.ts';

/** Browsers draw nothing right below some 17 to 33 million pixels; a taller list is scrolled in proportion. */
const TALLEST = 8_000_000;

/** The rows of a long list that are in view. */
export interface RowWindow {
  /** For the element that scrolls. */
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Height of what is scrolled: the rows' own, or the tallest that browsers manage. */
  readonly height: CssPixels;
  readonly first: number;
  readonly count: number;
  /** Where the first row stands, from the top edge of what is in view: 0 or a little above. */
  readonly offset: CssPixels;
  /** Scrolls just so far that a row is in view; `centre` puts it in the middle where it was not. */
  readonly reveal: (row: number, place?: 'nearest' | 'centre') => void;
  readonly rowsInView: number;
}

/**
 * Virtual scrolling for up to tens of millions of rows of one height. The scroll bar is the browser's own; where it
 * cannot be exact, the wheel still moves by true pixels.
 */
export function useRowWindow(rows: number, rowHeight: CssPixels, headHeight: CssPixels): RowWindow {
  const scroller = useRef<HTMLDivElement | null>(null);
  const [view, setView] = useState({ top: 0, height: 0 });
  const full = rows * rowHeight;
  const height = Math.min(full, TALLEST);
  const geometry = useRef({ full, height, rowHeight, headHeight, top: 0, scrolledTo: -1 });
  geometry.current.full = full;
  geometry.current.height = height;
  geometry.current.rowHeight = rowHeight;

  const moveTo = useCallback((wanted: number) => {
    const element = scroller.current;
    const now = geometry.current;
    if (element === null) return;
    const seen = element.clientHeight - geometry.current.headHeight;
    const furthest = Math.max(0, now.full - seen);
    const top = Math.min(Math.max(wanted, 0), furthest);
    now.top = top;
    const bar = furthest === 0 ? 0 : (top / furthest) * Math.max(0, now.height - seen);
    element.scrollTop = bar;
    now.scrolledTo = element.scrollTop;
    setView((old) => (old.top === top && old.height === seen ? old : { top, height: seen }));
  }, []);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const onScroll = () => {
      const now = geometry.current;
      if (Math.abs(element.scrollTop - now.scrolledTo) < 1) return;
      const seen = element.clientHeight - geometry.current.headHeight;
      const bar = Math.max(1, now.height - seen);
      now.scrolledTo = element.scrollTop;
      now.top = now.full === now.height ? element.scrollTop : (element.scrollTop / bar) * (now.full - seen);
      setView({ top: now.top, height: seen });
    };
    const onWheel = (event: WheelEvent) => {
      const now = geometry.current;
      if (now.full === now.height || event.ctrlKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      event.preventDefault();
      const unit = event.deltaMode === 1 ? now.rowHeight : event.deltaMode === 2 ? element.clientHeight : 1;
      moveTo(now.top + event.deltaY * unit);
    };
    const observer = new ResizeObserver(() => moveTo(geometry.current.top));
    observer.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('wheel', onWheel, { passive: false });
    moveTo(geometry.current.top);
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', onWheel);
    };
  }, [moveTo]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a shorter list must pull the view back inside it
  useEffect(() => moveTo(geometry.current.top), [full, moveTo]);

  const reveal = useCallback(
    (row: number, place: 'nearest' | 'centre' = 'nearest') => {
      const element = scroller.current;
      if (element === null) return;
      const now = geometry.current;
      const top = row * now.rowHeight;
      const seen = element.clientHeight - geometry.current.headHeight;
      if (top >= now.top && top + now.rowHeight <= now.top + seen) return;
      if (place === 'centre') moveTo(top - (seen - now.rowHeight) / 2);
      else moveTo(top < now.top ? top : top + now.rowHeight - seen);
    },
    [moveTo],
  );

  const first = Math.min(Math.floor(view.top / rowHeight), Math.max(0, rows - 1));
  const count = rows === 0 ? 0 : Math.min(rows - first, Math.ceil(view.height / rowHeight) + 1);
  return {
    scroller,
    height,
    first,
    count,
    offset: first * rowHeight - view.top,
    reveal,
    rowsInView: Math.max(1, Math.floor(view.height / rowHeight)),
  };
}
