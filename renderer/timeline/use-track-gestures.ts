import { type RefObject, useEffect, useRef, useState } from 'react';
import type { CssPixels } from '../../shared/units.ts';
import { panBy, type TimeBounds, type TimeScale, xToTime, zoomAt } from '../../shared/view-model/time-scale.ts';
import type { VisibleWindow } from '../state/store.ts';

export interface GestureTarget {
  /** The window as it is at this moment. */
  readonly scale: () => TimeScale;
  readonly bounds: TimeBounds;
  readonly showWindow: (window: VisibleWindow) => void;
  readonly scrollBy: (distance: CssPixels) => void;
  /** A press without a drag. */
  readonly press: (x: CssPixels, y: CssPixels) => void;
  readonly hover: (x: CssPixels, y: CssPixels) => void;
  readonly leave: () => void;
}

interface Drag {
  readonly kind: 'pan' | 'zoom';
  readonly startX: CssPixels;
  readonly startY: CssPixels;
  lastX: CssPixels;
  lastY: CssPixels;
  moved: boolean;
}

/** What has to be moved before a press is a drag. */
const SLACK: CssPixels = 4;

/**
 * Wheel, pinch and drag over the tracks: the wheel zooms at the pointer, sideways it pans; a drag pans; with Shift it
 * marks a part to zoom into, whose edges are given back while it is drawn.
 */
export function useTrackGestures(
  area: RefObject<HTMLElement | null>,
  target: GestureTarget,
): { readonly from: CssPixels; readonly to: CssPixels } | undefined {
  const [marked, setMarked] = useState<{ from: CssPixels; to: CssPixels } | undefined>(undefined);
  const latest = useRef(target);
  latest.current = target;

  useEffect(() => {
    const element = area.current;
    if (element === null) return;
    let drag: Drag | undefined;
    const placeOf = (event: MouseEvent) => {
      const box = element.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };

    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { scale, bounds, showWindow } = latest.current;
      const pixels = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? element.clientHeight : 1;
      const sideways = event.shiftKey ? event.deltaY + event.deltaX : event.deltaX;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
        return showWindow(panBy(scale(), sideways * pixels, bounds));
      // A pinch arrives as a wheel with Control, in smaller steps.
      const step = event.deltaY * pixels * (event.ctrlKey ? 0.01 : 0.002);
      showWindow(zoomAt(scale(), placeOf(event).x, Math.exp(-Math.min(Math.max(step, -1), 1)), bounds));
    };
    const onDown = (event: PointerEvent) => {
      if (event.button !== 0) return;
      const { x, y } = placeOf(event);
      element.setPointerCapture(event.pointerId);
      drag = { kind: event.shiftKey ? 'zoom' : 'pan', startX: x, startY: y, lastX: x, lastY: y, moved: false };
    };
    const onMove = (event: PointerEvent) => {
      const { x, y } = placeOf(event);
      if (drag === undefined) return latest.current.hover(x, y);
      if (!drag.moved && Math.hypot(x - drag.startX, y - drag.startY) < SLACK) return;
      if (!drag.moved) latest.current.leave();
      drag.moved = true;
      if (drag.kind === 'zoom') setMarked({ from: Math.min(drag.startX, x), to: Math.max(drag.startX, x) });
      else {
        latest.current.showWindow(panBy(latest.current.scale(), drag.lastX - x, latest.current.bounds));
        latest.current.scrollBy(drag.lastY - y);
      }
      drag.lastX = x;
      drag.lastY = y;
    };
    const onUp = (event: PointerEvent) => {
      const ended = drag;
      drag = undefined;
      setMarked(undefined);
      if (ended === undefined) return;
      const { x, y } = placeOf(event);
      if (!ended.moved) return latest.current.press(x, y);
      if (ended.kind === 'pan' || Math.abs(x - ended.startX) < SLACK) return;
      const scale = latest.current.scale();
      latest.current.showWindow({
        from: xToTime(scale, Math.min(ended.startX, x)),
        to: xToTime(scale, Math.max(ended.startX, x)),
      });
    };
    const onCancel = () => {
      drag = undefined;
      setMarked(undefined);
    };
    const onLeave = () => latest.current.leave();

    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    element.addEventListener('pointercancel', onCancel);
    element.addEventListener('pointerleave', onLeave);
    return () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      element.removeEventListener('pointercancel', onCancel);
      element.removeEventListener('pointerleave', onLeave);
    };
  }, [area]);
  return marked;
}
