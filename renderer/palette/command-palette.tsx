import { Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Command } from '../commands/command.ts';
import { commands } from '../commands/commands.ts';
import { KeyCaps } from '../commands/key-caps.tsx';
import { matchCommand } from '../commands/match-command.ts';
import { useStore } from '../state/store.ts';
import { Dialog } from '../widgets/dialog.tsx';

/** Every command that means something now, found by a few letters of its name. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const state = useStore();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement | null>(null);
  const found = commands
    .filter(({ id, isPossible }) => id !== 'palette' && (isPossible?.(state) ?? true))
    .flatMap((command) => {
      const match = matchCommand(command.name, typed);
      return match === undefined ? [] : [{ command, ...match }];
    })
    .sort((a, b) => (typed.trim() === '' ? 0 : b.score - a.score));
  const chosen = Math.min(at, found.length - 1);

  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const run = (command: Command) => {
    onClose();
    // The command may open a dialog or ask for the focus; the palette is gone by then.
    requestAnimationFrame(() => command.run());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (by !== undefined) setAt(Math.min(Math.max(chosen + by, 0), Math.max(found.length - 1, 0)));
    else if (event.key === 'Enter' && found[chosen] !== undefined) run(found[chosen].command);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Find a command" onClose={onClose}>
      <div className="field palette-field">
        <Search size={15} aria-hidden />
        <input
          data-first
          type="text"
          role="combobox"
          aria-label="Command"
          aria-expanded
          aria-controls="palette-list"
          aria-activedescendant={found.length === 0 ? undefined : `palette-${found[chosen]?.command.id}`}
          placeholder="Type a few letters of what you want"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div ref={list} id="palette-list" role="listbox" aria-label="Commands" className="palette-list">
        {found.map(({ command, places }, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard works from the field
          <div
            key={command.id}
            id={`palette-${command.id}`}
            role="option"
            aria-selected={i === chosen}
            tabIndex={-1}
            className="palette-entry"
            onClick={() => run(command)}
          >
            <span>
              <Marked text={command.name} places={places} />
            </span>
            <span className="quiet">{command.group}</span>
            <KeyCaps name={command.keys[0]} />
          </div>
        ))}
      </div>
      {found.length === 0 ? <p className="empty">No command has these letters in its name.</p> : null}
    </Dialog>
  );
}

function Marked({ text, places }: { readonly text: string; readonly places: readonly number[] }) {
  const marked = new Set(places);
  return Array.from(text, (letter, place) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the letters of a name never move
    marked.has(place) ? <mark key={place}>{letter}</mark> : letter,
  );
}
