import { readFileSync } from 'node:fs';
import { addRow, beginScenario } from './report.ts';
import { endsOfTheHelper } from './scenarios/ends-of-the-helper.ts';
import { filtersAndLosses } from './scenarios/filters-and-losses.ts';
import { fullDisk } from './scenarios/full-disk.ts';
import { holdersOfModules } from './scenarios/holders-of-modules.ts';
import { lockedDown } from './scenarios/locked-down.ts';
import { looksAround } from './scenarios/looks-around.ts';
import { otherTracers } from './scenarios/other-tracers.ts';
import { storms } from './scenarios/storms.ts';
import { throughPolkit } from './scenarios/through-polkit.ts';
import { whyCommand } from './scenarios/why-command.ts';
import { whyHeld } from './scenarios/why-held.ts';

/** What the host wants to be run: names of scenarios, or parts of them; none for all. */
const plan: { readonly lockdown: boolean; readonly only: readonly string[] } = JSON.parse(
  readFileSync('/lab/plan.json', 'utf8'),
);

const all: Readonly<Record<string, () => Promise<void>>> = plan.lockdown
  ? lockedDown
  : {
      ...holdersOfModules,
      ...filtersAndLosses,
      ...endsOfTheHelper,
      ...fullDisk,
      ...otherTracers,
      ...throughPolkit,
      ...whyHeld,
      ...whyCommand,
      // Leaves behind what it looked at.
      ...looksAround,
      ...storms,
    };

for (const [name, scenario] of Object.entries(all)) {
  if (plan.only.length > 0 && !plan.only.some((part) => name.includes(part))) continue;
  beginScenario(name);
  try {
    await scenario();
  } catch (error) {
    addRow('runs to its end', false, String(error instanceof Error ? error.message : error));
  }
}
process.exit(0); // a scenario that failed may have left a process running
