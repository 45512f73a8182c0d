import { startCapture } from '../capture.ts';
import { beginTable, type Played, tellAll } from '../why-now.ts';
import { hardToSee } from './hard-to-see.ts';
import { heldByCards } from './held-by-cards.ts';
import { heldByDisks } from './held-by-disks.ts';
import { heldByLinks } from './held-by-links.ts';
import { heldByModules, heldForGood } from './held-by-modules.ts';
import { heldByMounts } from './held-by-mounts.ts';
import { heldByPatches } from './held-by-patches.ts';
import { heldByPrograms, heldInFlight } from './held-by-programs.ts';
import { heldBySockets } from './held-by-sockets.ts';
import { heldByUsb } from './held-by-usb.ts';
import { heldByTraffic, heldUnnamed, unseenTraffic } from './why-held-more.ts';

const titleOf = (name: string) => name.replace(/^why: /, '');

/** Each story begins a section of the table. */
function played(stories: Played): Played {
  return Object.fromEntries(
    Object.entries(stories).map(([name, play]) => [
      name,
      () => {
        beginTable(titleOf(name));
        return play();
      },
    ]),
  );
}

/** The same again while a recording runs, which is put beside each look. */
function merged(stories: Played): Played {
  return Object.fromEntries(
    Object.entries(stories).map(([name, play]) => [
      `${name}, merged with a recording`,
      async () => {
        const capture = await startCapture();
        beginTable(`${titleOf(name)}, merged`, capture);
        try {
          await play();
        } finally {
          beginTable('');
          await capture.stop();
        }
      },
    ]),
  );
}

const holding: Played = {
  ...heldByPrograms,
  ...heldByCards,
  ...heldByMounts,
  ...heldBySockets,
  ...heldByTraffic,
  ...heldByModules,
};

/** Once each: it takes hardware, which is slow to come and go. */
const plugged: Played = { ...heldByUsb, ...heldByDisks, ...heldByPatches, ...heldByLinks };

/** Every way to hold a module that the guest can play: told of, then let go by the plan; without a recording, and with one. */
export const whyHeld: Played = {
  ...played({ 'why: the guest itself': () => tellAll('before anything is done') }),
  ...played(holding),
  ...merged(holding),
  ...played(plugged),
  ...played({ ...heldInFlight, ...heldUnnamed, ...unseenTraffic, ...hardToSee, ...heldForGood }),
  ...played({ 'why: everything else that is loaded': () => tellAll('after all that') }),
};
