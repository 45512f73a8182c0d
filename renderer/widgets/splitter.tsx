import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import type { CssPixels } from '../../shared/units.ts';

interface SplitterProps {
  readonly label: string;
  /** Which edge of the resized panel it sits on. */
  readonly side: 'left' | 'right' | 'top';
  readonly size: CssPixels;
  readonly smallest: CssPixels;
  readonly largest: CssPixels;
  readonly onResize: (size: CssPixels) => void;
  /** Makes it as large as what it shows: a double click, or Enter. */
  readonly onFit?: () => void;
}

const STEP = 16;

/** A bar between two regions or columns: dragged, or moved with the arrow keys. */
export function Splitter({ label, side, size, smallest, largest, onResize, onFit }: SplitterProps) {
  const drag = useRef<{ at: number; size: number } | undefined>(undefined);
  const horizontal = side === 'top';
  // A panel right of, or below, its splitter grows when the splitter moves towards the start.
  const sign = side === 'right' ? 1 : -1;
  const resize = (wanted: number) => onResize(Math.round(Math.min(Math.max(wanted, smallest), largest)));

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { at: horizontal ? event.clientY : event.clientX, size };
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (drag.current === undefined) return;
    resize(drag.current.size + sign * ((horizontal ? event.clientY : event.clientX) - drag.current.at));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const [less, more] = horizontal
      ? ['ArrowDown', 'ArrowUp']
      : sign > 0
        ? ['ArrowLeft', 'ArrowRight']
        : ['ArrowRight', 'ArrowLeft'];
    if (event.key === less) resize(size - STEP);
    else if (event.key === more) resize(size + STEP);
    else if (event.key === 'Home') resize(smallest);
    else if (event.key === 'End') resize(largest);
    else if (event.key === 'Enter' && onFit !== undefined) onFit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a splitter that is moved is no thematic break
    <div
      role="separator"
      className={`splitter ${horizontal ? 'splitter-across' : 'splitter-down'}`}
      tabIndex={0}
      aria-label={label}
      aria-orientation={horizontal ? 'horizontal' : 'vertical'}
      aria-valuenow={size}
      aria-valuemin={smallest}
      aria-valuemax={largest}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onLostPointerCapture={() => {
        drag.current = undefined;
      }}
      onDoubleClick={onFit}
      onKeyDown={onKeyDown}
    />
  );
}
