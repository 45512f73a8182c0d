import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { useStore } from '../state/store.ts';
import { IconButton } from '../widgets/icon-button.tsx';
import { shownScreen } from './terminals.ts';

/** Looks for a text in the scrollback, over the corner of the screen. */
export function TerminalSearch() {
  const [text, setText] = useState('');
  const [isThere, setIsThere] = useState(true);
  const find = (by: 1 | -1, wanted = text) => setIsThere(wanted === '' || (shownScreen()?.find(wanted, by) ?? false));
  const close = () => {
    useStore.setState({ terminalSearch: false });
    shownScreen()?.endSearch();
    shownScreen()?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter') find(event.shiftKey ? 1 : -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search className="terminal-search" aria-label="Search the terminal">
      <input
        // biome-ignore lint/a11y/noAutofocus: it was opened to be typed in
        autoFocus
        type="text"
        aria-label="Text to look for in the terminal"
        placeholder="Search the terminal…"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          find(-1, event.target.value);
        }}
        onKeyDown={onKeyDown}
      />
      <span className="quiet" role="status">
        {isThere ? '' : 'Not there'}
      </span>
      <IconButton name="Earlier" keys="Enter" onClick={() => find(-1)}>
        <ArrowUp size={14} aria-hidden />
      </IconButton>
      <IconButton name="Later" keys="Shift+Enter" onClick={() => find(1)}>
        <ArrowDown size={14} aria-hidden />
      </IconButton>
      <IconButton name="Close the search" title="Close" keys="Escape" onClick={close}>
        <X size={14} aria-hidden />
      </IconButton>
    </search>
  );
}
