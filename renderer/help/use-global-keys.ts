import { useEffect } from 'react';
import { stepInModule } from '../events/step-event.ts';
import { chooseAndOpen } from '../open/open-from.ts';
import { useStore } from '../state/store.ts';
import { panToEdge, panWindow, showWholeRecording, zoomWindow } from '../timeline/move-window.ts';

/** Keys that work wherever the focus is, but not while somebody types or a dialog is open. */
const KEYS: Readonly<Record<string, () => void>> = {
  w: () => zoomWindow(1.5),
  '+': () => zoomWindow(1.5),
  '=': () => zoomWindow(1.5),
  s: () => zoomWindow(1 / 1.5),
  '-': () => zoomWindow(1 / 1.5),
  a: () => panWindow(-0.15),
  ArrowLeft: () => panWindow(-0.15),
  d: () => panWindow(0.15),
  ArrowRight: () => panWindow(0.15),
  Home: () => panToEdge('start'),
  End: () => panToEdge('end'),
  '0': showWholeRecording,
  n: () => void stepInModule(1),
  p: () => void stepInModule(-1),
  '/': focusFilter,
  Escape: () => useStore.getState().showProblem(undefined),
};

/** The window's keys; `?` is left to whoever shows the help. */
export function useGlobalKeys(showHelp: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.isComposing) return;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'o') {
        event.preventDefault();
        void chooseAndOpen();
        return;
      }
      if (event.ctrlKey || event.metaKey || isTyping(event.target) || document.querySelector('dialog[open]')) return;
      const action = event.key === '?' ? showHelp : KEYS[event.key];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [showHelp]);
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function focusFilter(): void {
  useStore.getState().showTab('events');
  // The tab may have to be shown first.
  requestAnimationFrame(() => document.getElementById('event-filter')?.focus());
}
