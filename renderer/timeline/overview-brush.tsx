import { type KeyboardEvent, type MouseEvent, type PointerEvent, useRef } from 'react';
import { printTime } from '../../shared/event-table/clock.ts';
import type { CssPixels, RecordingTime } from '../../shared/units.ts';
import { clampScale, type TimeScale, timeToX, xToTime } from '../../shared/view-model/time-scale.ts';
import { useStore, type VisibleWindow } from '../state/store.ts';
import { useRecording } from '../state/use-recording.ts';

type Grip = 'from' | 'to' | 'window' | 'new';

interface Drag {
  readonly grip: Grip;
  readonly startX: CssPixels;
  readonly window: VisibleWindow;
  moved: boolean;
}

interface OverviewBrushProps {
  readonly width: CssPixels;
  /** A double click: the burst of events nearest to there is wanted. */
  readonly onBurst: (time: RecordingTime) => void;
}

/**
 * The visible window over the overview: drag it, drag its edges, draw a new one beside it, or click to go there. The
 * edges are sliders for the keyboard.
 */
export function OverviewBrush({ width, onBurst }: OverviewBrushProps) {
  const { summary, bounds } = useRecording();
  const window = useStore((state) => state.window);
  const cursor = useStore((state) => state.cursor);
  const showWindow = useStore((state) => state.showWindow);
  const drag = useRef<Drag | undefined>(undefined);
  const scale: TimeScale = { from: bounds.start, to: bounds.end, width };
  const left = timeToX(scale, window.from);
  const right = timeToX(scale, window.to);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    const x = xIn(event);
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { grip: gripAt(x, left, right, width), startX: x, window, moved: false };
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const held = drag.current;
    if (held === undefined) return;
    const x = xIn(event);
    if (!held.moved && Math.abs(x - held.startX) < 3) return;
    held.moved = true;
    const distance = xToTime(scale, x) - xToTime(scale, held.startX);
    const { from, to } = held.window;
    if (held.grip === 'window') show({ from: from + distance, to: to + distance });
    else if (held.grip === 'new') show(inOrder(xToTime(scale, held.startX), xToTime(scale, x)));
    else if (held.grip === 'from') show(inOrder(from + distance, to));
    else show(inOrder(from, to + distance));
  };
  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    const held = drag.current;
    drag.current = undefined;
    if (held === undefined || held.moved) return;
    const half = (window.to - window.from) / 2;
    const middle = xToTime(scale, xIn(event));
    show({ from: middle - half, to: middle + half });
  };
  const show = (wanted: VisibleWindow) =>
    showWindow(
      clampScale({ from: Math.max(wanted.from, bounds.start), to: Math.min(wanted.to, bounds.end), width }, bounds),
    );

  const moveEdge = (edge: 'from' | 'to') => (event: KeyboardEvent) => {
    const step = (window.to - window.from) / 20;
    const by = { ArrowLeft: -step, ArrowDown: -step, ArrowRight: step, ArrowUp: step }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    show(edge === 'from' ? { from: window.from + by, to: window.to } : { from: window.from, to: window.to + by });
  };
  const slider = (edge: 'from' | 'to', x: CssPixels) => (
    <div
      className="brush-edge"
      style={{ left: x }}
      role="slider"
      tabIndex={0}
      aria-label={edge === 'from' ? 'Start of the visible window' : 'End of the visible window'}
      aria-valuemin={Math.round(bounds.start)}
      aria-valuemax={Math.round(bounds.end)}
      aria-valuenow={Math.round(window[edge])}
      aria-valuetext={printTime(summary.clock, window[edge])}
      onKeyDown={moveEdge(edge)}
    />
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the edges are for the keyboard
    <div
      className="brush"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onDoubleClick={(event) => onBurst(xToTime(scale, xIn(event)))}
    >
      <div className="brush-shade" style={{ left: 0, width: Math.max(0, left) }} />
      <div className="brush-shade" style={{ left: right, width: Math.max(0, width - right) }} />
      <div className="brush-window" style={{ left, width: Math.max(2, right - left) }} />
      <div className="brush-cursor" style={{ left: timeToX(scale, cursor) }} />
      {slider('from', left)}
      {slider('to', right)}
    </div>
  );
}

const REACH: CssPixels = 6;

function gripAt(x: CssPixels, left: CssPixels, right: CssPixels, width: CssPixels): Grip {
  if (Math.abs(x - left) <= REACH) return 'from';
  if (Math.abs(x - right) <= REACH) return 'to';
  // Where everything is in view there is nothing to move: a drag marks a part.
  const all = right - left >= width - 1;
  return !all && x > left && x < right ? 'window' : 'new';
}

function xIn(event: MouseEvent<HTMLDivElement>): CssPixels {
  return event.clientX - event.currentTarget.getBoundingClientRect().left;
}

function inOrder(a: number, b: number): VisibleWindow {
  return { from: Math.min(a, b), to: Math.max(a, b) };
}
