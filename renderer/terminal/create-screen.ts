import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { nameKey } from '../commands/name-key.ts';
import { harmlessPaste } from './harmless-paste.ts';
import type { Screen, ScreenEvents } from './screen.ts';
import { whileStyled } from './style-by-cssom.ts';
import { terminalColours, terminalFont } from './terminal-colours.ts';

const SCROLLBACK = 10_000;

/** Keys that are the window's also while the terminal has the focus; everything else goes to the program in it. */
const LEAVING = 'Ctrl+F6';

/** Makes a screen, which takes output in before anybody sees it. */
export function createScreen(events: ScreenEvents, readAloud: boolean): Screen {
  const element = document.createElement('div');
  element.className = 'terminal-screen';
  const terminal = new Terminal({
    scrollback: SCROLLBACK,
    fontFamily: terminalFont(),
    fontSize: 13,
    minimumContrastRatio: 4.5,
    screenReaderMode: readAloud,
    theme: terminalColours(events.theme()),
    // A link would lead out of the window, which nothing may.
    linkHandler: { activate: () => undefined },
  });
  const fit = new FitAddon();
  const search = new SearchAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(search);

  let replaying = 0;
  terminal.onData((text) => {
    // Old output asks what was answered long ago; the answer now would be typed into the shell.
    if (replaying === 0) events.typed(text);
  });
  terminal.onResize(({ cols, rows }) => events.resized(cols, rows));
  terminal.attachCustomKeyEventHandler((event) => {
    const key = nameKey(event);
    if (key === LEAVING) return false;
    if (event.type === 'keydown' && key === 'Ctrl+Shift+C') {
      event.preventDefault();
      const chosen = terminal.getSelection();
      if (chosen !== '') events.copied(chosen);
      return false;
    }
    if (event.type === 'keydown' && key === 'Ctrl+Shift+F') {
      event.preventDefault();
      events.searched();
      return false;
    }
    // The browser pastes into the terminal's text field, where `paste` below takes it up.
    return key !== 'Ctrl+Shift+V';
  });

  // Before xterm.js hears of it, which passes on whatever is pasted.
  const paste = (event: ClipboardEvent) => {
    event.preventDefault();
    event.stopPropagation();
    terminal.paste(harmlessPaste(event.clipboardData?.getData('text/plain') ?? ''));
  };
  element.addEventListener('paste', paste, { capture: true });

  return {
    get place() {
      return element.parentElement;
    },
    mount(stage) {
      // Putting it there again would take the keyboard away from it.
      if (element.parentElement !== stage) stage.append(element);
      // It has to be on the page to be opened, for it measures its letters there.
      if (terminal.element === undefined) whileStyled(() => terminal.open(element));
      this.fit();
    },
    unmount: () => element.remove(),
    get size() {
      return { columns: terminal.cols, rows: terminal.rows };
    },
    show(bytes, replay, shown) {
      if (replay) replaying += 1;
      terminal.write(bytes, () => {
        if (replay) replaying -= 1;
        shown();
      });
    },
    fit() {
      if (element.isConnected && element.clientWidth > 0 && element.clientHeight > 0) fit.fit();
    },
    focus: () => terminal.focus(),
    hasFocus: () => element.contains(document.activeElement),
    paint: (theme) => {
      terminal.options.theme = terminalColours(theme);
    },
    readAloud: (on) => {
      terminal.options.screenReaderMode = on;
    },
    find: (text, by) => (by > 0 ? search.findNext(text) : search.findPrevious(text)),
    endSearch: () => search.clearDecorations(),
    dispose() {
      terminal.dispose();
      element.remove();
    },
  };
}
