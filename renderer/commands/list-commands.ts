import { jumpToHit, openSearch } from '../search/jump-to-hit.ts';
import { type State, useStore } from '../state/store.ts';
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
  showing('events', 'Show the events', '1'),
  showing('graph', 'Show the holder graph', '2'),
  showing('statistics', 'Show the statistics', '3'),
  showing('chart', 'Show the refcount of the selected module', '4'),
];

function of(id: string, name: string, keys: readonly string[], run: () => void): Command {
  return { id, name, group: 'Lists and search', keys, isPossible: hasRecording, run };
}

function showing(tab: State['tab'], name: string, key: string): Command {
  return of(`show-${tab}`, name, [key], () => useStore.getState().showTab(tab));
}
