import { SquareTerminal } from 'lucide-react';
import { writeForRoot } from '../../shared/export/write-for-root.ts';
import { isTabThere } from '../layout/lower-tab.ts';
import { lowerTabs } from '../layout/lower-tabs.ts';
import { useStore } from '../state/store.ts';
import { CopyButton } from '../widgets/copy-button.tsx';
import { IconButton } from '../widgets/icon-button.tsx';
import { visibleSentence } from '../widgets/visible-text.ts';

/** A command for the shell of a person who may become root: to be copied, or put into the terminal's line. It never runs by itself. */
export function PlanCommand({ command: plain }: { readonly command: string }) {
  const command = writeForRoot(plain);
  // A line break would run what stands before it, and what cannot be seen may do anything: such a text is only shown.
  const isPlain = visibleSentence(command) === command;
  const { insertIntoTerminal } = useStore.getState();
  return (
    <div className="command-block">
      <pre>
        <code>{visibleSentence(command)}</code>
      </pre>
      {isPlain ? (
        <>
          <CopyButton text={command} label={`Copy the command ${command}`} />
          {hasTerminal() ? (
            <IconButton
              name={`Put the command ${command} into the terminal`}
              title="Put it into the terminal’s line; nothing runs by that"
              onClick={() => insertIntoTerminal(command)}
            >
              <SquareTerminal size={14} aria-hidden />
            </IconButton>
          ) : null}
        </>
      ) : null}
    </div>
  );
}

function hasTerminal(): boolean {
  const terminal = lowerTabs.find(({ tab }) => tab === 'terminal');
  return terminal !== undefined && isTabThere(terminal, useStore.getState());
}
