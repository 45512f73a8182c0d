import { Search, TextCursorInput, Volume2 } from 'lucide-react';
import { useStore } from '../state/store.ts';
import { IconButton } from '../widgets/icon-button.tsx';
import { PopUp } from '../widgets/pop-up.tsx';
import { visibleText } from '../widgets/visible-text.ts';
import { writeCounted } from '../widgets/write-numbers.ts';
import { CommandList } from './command-list.tsx';
import { insertionsFor } from './insertions.ts';
import { useRecordedCommands } from './use-recorded-commands.ts';

/** What can be put into the line, looked for, and read aloud. */
export function TerminalTools() {
  const module = useStore((state) => state.module);
  const hasTerminal = useStore((state) => state.terminal !== undefined);
  const readAloud = useStore((state) => state.settings.readAloud);
  const commands = useRecordedCommands();
  const { changeSettings } = useStore.getState();
  return (
    <>
      <PopUp
        title="Put a command into the line"
        label={
          <>
            <TextCursorInput size={14} aria-hidden /> Insert
          </>
        }
      >
        {(close) => <Insertions module={module} onDone={close} />}
      </PopUp>
      {commands.length === 0 ? null : (
        <PopUp title="Commands of the recording" label={`${writeCounted(commands.length, 'command')}`}>
          {() => <CommandList commands={commands} />}
        </PopUp>
      )}
      <IconButton
        name="Search the terminal"
        keys="Ctrl+Shift+F in it"
        disabled={!hasTerminal}
        onClick={() => useStore.setState({ terminalSearch: true })}
      >
        <Search size={14} aria-hidden />
      </IconButton>
      <IconButton
        name="Have screen readers follow the terminal"
        pressed={readAloud}
        onClick={() => changeSettings({ readAloud: !readAloud })}
      >
        <Volume2 size={14} aria-hidden />
      </IconButton>
    </>
  );
}

function Insertions({ module, onDone }: { readonly module: string | undefined; readonly onDone: () => void }) {
  const { insertIntoTerminal } = useStore.getState();
  const insertions = insertionsFor(module);
  if (module === undefined || insertions.length === 0)
    return <p className="quiet terminal-insertions">Select a module to put a command about it into the line.</p>;
  return (
    <div className="terminal-insertions">
      <p className="quiet">For {visibleText(module)}; nothing runs until you press Enter.</p>
      {insertions.map(({ name, command }) => (
        <button
          key={command}
          type="button"
          className="terminal-insertion"
          onClick={() => {
            onDone();
            insertIntoTerminal(command);
          }}
        >
          <span>{name}</span>
          <code>{command}</code>
        </button>
      ))}
    </div>
  );
}
