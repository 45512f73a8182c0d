import type { LowerTab } from '../layout/lower-tab.ts';
import { TerminalPane } from './terminal-pane.tsx';
import { TerminalTabs } from './terminal-tabs.tsx';
import { TerminalTools } from './terminal-tools.tsx';

/** The user's shell, for reproducing what is recorded. */
export const terminalTab: LowerTab = {
  tab: 'terminal',
  text: 'Terminal',
  key: '5',
  command: 'Show the terminal',
  of: 'window',
  Content: TerminalPane,
  Choices: TerminalTabs,
  Tools: TerminalTools,
};
