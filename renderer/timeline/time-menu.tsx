import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { CssPixels, RecordingTime } from '../../shared/units.ts';
import { useStore } from '../state/store.ts';

interface TimeMenuProps {
  readonly x: CssPixels;
  readonly y: CssPixels;
  readonly left: CssPixels;
  readonly time: RecordingTime;
  readonly onClose: () => void;
}

/** What can be put at the time under the pointer. */
export function TimeMenu({ x, y, left, time, onClose }: TimeMenuProps) {
  const menu = useRef<HTMLDivElement | null>(null);
  const { moveCursor, setMarker, openNote } = useStore.getState();
  const entries = [
    { name: 'Set marker A here', keys: 'Shift+A', run: () => setMarker('a', time) },
    { name: 'Set marker B here', keys: 'Shift+B', run: () => setMarker('b', time) },
    { name: 'Write a note here…', keys: 'm', run: () => openNote(undefined, time) },
    { name: 'Set the cursor here', keys: '', run: () => moveCursor(time) },
  ];
  useEffect(() => {
    menu.current?.querySelector('button')?.focus();
    const onPress = (event: PointerEvent) => {
      if (!menu.current?.contains(event.target as Node)) onClose();
    };
    window.addEventListener('pointerdown', onPress, true);
    return () => window.removeEventListener('pointerdown', onPress, true);
  }, [onClose]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (by === undefined) return onClose();
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[(at + by + buttons.length) % buttons.length]?.focus();
  };
  return (
    <div
      ref={menu}
      role="menu"
      className="time-menu"
      aria-label="At this time"
      style={{ left: left + x, top: y }}
      onKeyDown={onKeyDown}
    >
      {entries.map(({ name, keys, run }) => (
        <button
          key={name}
          type="button"
          role="menuitem"
          onClick={() => {
            onClose();
            run();
          }}
        >
          {name}
          <span className="quiet">{keys}</span>
        </button>
      ))}
    </div>
  );
}
