import { type RefObject, useEffect, useRef } from 'react';
import type { CssPixels } from '../../shared/units.ts';
import { type Camera, zoomCamera } from './camera.ts';

/** What has to be moved before a press is a drag. */
const SLACK: CssPixels = 4;

/** The wheel zooms at the pointer, with Shift or sideways it pans, a drag pans, as in the timeline. */
export function useCameraGestures(
  area: RefObject<HTMLElement | null>,
  move: (change: (camera: Camera) => Camera) => void,
) {
  const latest = useRef(move);
  latest.current = move;
  useEffect(() => {
    const element = area.current;
    if (element === null) return;
    let drag: { x: CssPixels; y: CssPixels; moved: boolean } | undefined;
    let swallowClick = false;

    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const pixels = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? element.clientHeight : 1;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        const distance = (event.shiftKey ? event.deltaX + event.deltaY : event.deltaX) * pixels;
        return latest.current((camera) => ({ ...camera, x: camera.x - distance }));
      }
      const box = element.getBoundingClientRect();
      // A pinch arrives as a wheel with Control, in smaller steps.
      const step = Math.min(Math.max(event.deltaY * pixels * (event.ctrlKey ? 0.01 : 0.002), -1), 1);
      latest.current((camera) =>
        zoomCamera(camera, event.clientX - box.left, event.clientY - box.top, Math.exp(-step)),
      );
    };
    const onDown = (event: PointerEvent) => {
      swallowClick = false;
      if (event.button === 0) drag = { x: event.clientX, y: event.clientY, moved: false };
    };
    const onMove = (event: PointerEvent) => {
      if (drag === undefined) return;
      const dx = event.clientX - drag.x;
      const dy = event.clientY - drag.y;
      if (!drag.moved && Math.hypot(dx, dy) < SLACK) return;
      // Not before: a captured pointer would take the click away from the node under it.
      if (!drag.moved) element.setPointerCapture(event.pointerId);
      drag = { x: event.clientX, y: event.clientY, moved: true };
      latest.current((camera) => ({ ...camera, x: camera.x + dx, y: camera.y + dy }));
    };
    const onUp = () => {
      swallowClick = drag?.moved ?? false;
      drag = undefined;
    };
    const onClick = (event: MouseEvent) => {
      if (swallowClick) event.stopPropagation();
      swallowClick = false;
    };

    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    element.addEventListener('pointercancel', onUp);
    element.addEventListener('click', onClick, { capture: true });
    return () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      element.removeEventListener('pointercancel', onUp);
      element.removeEventListener('click', onClick, { capture: true });
    };
  }, [area]);
}
