import { lookAround, lookAsRoot } from '../present/look-around.ts';
import { useStore } from '../state/store.ts';
import type { Command } from './command.ts';

export const presentCommands: readonly Command[] = [
  {
    id: 'present',
    name: 'This system, as it is now',
    group: 'This system',
    keys: ['l'],
    isPossible: ({ host, moment }) => host !== undefined && moment !== 'now',
    run: () => useStore.getState().showPresent(),
  },
  {
    id: 'at-cursor',
    name: 'Modules and holders at the cursor',
    group: 'This system',
    keys: ['Shift+L'],
    isPossible: ({ recording, moment }) => recording !== undefined && moment === 'now',
    run: () => useStore.getState().showMoment('cursor'),
  },
  {
    id: 'look-again',
    name: 'Look at this system again',
    group: 'This system',
    keys: ['u'],
    isPossible: ({ host, moment }) => host !== undefined && moment === 'now',
    run: () => void lookAround(),
  },
  {
    id: 'look-as-root',
    name: 'Look at this system as administrator',
    group: 'This system',
    keys: ['Shift+U'],
    isPossible: ({ moment, present, looking }) =>
      moment === 'now' && present?.overview.asRoot === false && looking !== 'root',
    run: () => void lookAsRoot(),
  },
];
