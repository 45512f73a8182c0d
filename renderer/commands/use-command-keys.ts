import { useEffect } from 'react';
import { useStore } from '../state/store.ts';
import { commandOfKey } from './commands.ts';
import { nameKey } from './name-key.ts';

/** The keys of all commands: wherever the focus is, but single keys not while somebody types, and none over a dialog. */
export function useCommandKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return;
      const name = nameKey(event);
      if (isTyping(event.target) && (!/^Ctrl\+|F\d+$/.test(name) || name === 'Ctrl+Z')) return;
      const command = commandOfKey.get(name);
      if (command === undefined) return;
      const possible = command.isPossible?.(useStore.getState()) ?? true;
      // What the browser would do instead (save the page) is never meant here.
      if (possible || name.startsWith('Ctrl+')) event.preventDefault();
      if (possible) command.run();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox' && target.type !== 'radio';
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
