import { useStore } from '../state/store.ts';
import { hideTrack, moveTrack, pinTrack } from '../timeline/arrange.ts';
import { type Command, hasModule, hasRecording } from './command.ts';

export const trackCommands: readonly Command[] = [
  of('pin-track', 'Pin or unpin the selected track', ['i'], pinTrack),
  of('hide-track', 'Hide the selected track', ['h'], hideTrack),
  of('track-up', 'Move the selected track up', ['Alt+ArrowUp'], (module) => moveTrack(module, -1)),
  of('track-down', 'Move the selected track down', ['Alt+ArrowDown'], (module) => moveTrack(module, 1)),
  {
    ...on('show-tracks', 'Show all hidden tracks', ['Shift+H'], () => arrange({ hidden: [] })),
    isPossible: (state) => hasRecording(state) && state.tracks.hidden.length > 0,
  },
  on('only-held', 'Only tracks of modules still held at the end, on or off', ['o'], () =>
    arrange({ onlyHeld: !useStore.getState().tracks.onlyHeld }),
  ),
  on('group-tracks', 'Group tracks by dependency, on or off', ['Shift+G'], () =>
    arrange({ grouped: !useStore.getState().tracks.grouped }),
  ),
  on('reset-order', 'Put the tracks in their first order', [], () =>
    arrange({ order: [], pinned: [], hidden: [], grouped: false, onlyHeld: false }),
  ),
];

const arrange: ReturnType<typeof useStore.getState>['arrangeTracks'] = (change) =>
  useStore.getState().arrangeTracks(change);

function on(id: string, name: string, keys: readonly string[], run: () => void): Command {
  return { id, name, keys, run, group: 'Tracks', isPossible: hasRecording };
}

function of(id: string, name: string, keys: readonly string[], run: (module: string) => void): Command {
  const onSelected = () => {
    const { module } = useStore.getState();
    if (module !== undefined) run(module);
  };
  return { id, name, keys, run: onSelected, group: 'Tracks', isPossible: hasModule };
}
