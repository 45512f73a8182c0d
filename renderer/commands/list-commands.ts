import { isTabThere, type LowerTab } from '../layout/lower-tab.ts';
import { lowerTabs } from '../layout/lower-tabs.ts';
import { jumpToHit, openSearch } from '../search/jump-to-hit.ts';
import { useStore } from '../state/store.ts';
import { type Command, hasRecording } from './command.ts';

export const listCommands: readonly Command[] = [
  of('filter', 'Filter everything', ['/'], () => document.getElementById('event-filter')?.focus()),
  {
    ...of('clear-filter', 'Clear the filter', [], () => useStore.getState().filterEvents('')),
    isPossible: ({ recording, filterText }) => recording !== undefined && filterText !== '',
  },
  of('search', 'Search what is shown', ['Ctrl+F'], openSearch),
  of('next-hit', 'Next hit of the search', ['F3'], () => void jumpToHit(1)),
  of('previous-hit', 'Previous hit of the search', ['Shift+F3'], () => void jumpToHit(-1)),
  ...lowerTabs.map(showing),
];

function of(id: string, name: string, keys: readonly string[], run: () => void): Command {
  return { id, name, group: 'Lists and search', keys, isPossible: hasRecording, run };
}

function showing(tab: LowerTab): Command {
  const show = () => useStore.getState().showTab(tab.tab);
  return { ...of(`show-${tab.tab}`, tab.command, [tab.key], show), isPossible: (state) => isTabThere(tab, state) };
}
