import type { SnapshotWay } from '../../../shared/ipc/snapshot-contract.ts';
import type { CaptureMeans } from '../capture/capture-means.ts';
import { type ChosenCommand, chooseHelperCommand } from '../capture/choose-helper-command.ts';
import { findBuiltHelper, findInstalledHelper } from '../capture/find-helper.ts';

/**
 * Chooses how to start the helper for a look: as the user it is simply run, wherever it lies; as root as for a recording.
 *
 * @param root the folder of package.json, where a source checkout has built the helper
 */
export function chooseLookCommand(
  way: SnapshotWay,
  { system, called, command, lookCommand }: CaptureMeans,
  root: string,
): ChosenCommand {
  if (lookCommand !== undefined) return { ok: true, command: lookCommand(way) };
  const helper = findInstalledHelper();
  const built = findBuiltHelper(root);
  if (way === 'root') {
    if (command !== undefined) return { ok: true, command: command() };
    return chooseHelperCommand({ system, helper, built, byHand: `sudo ${called} why` });
  }
  const own = helper?.flaw === undefined ? (helper?.path ?? built) : built;
  // Nobody makes it root: it sees what this user may see.
  if (own !== undefined) return { ok: true, command: { way: 'root', file: own, argv: [] } };
  const problem = {
    what: 'The system could not be looked at.',
    why: helper?.flaw ?? 'The helper that looks is neither installed nor built.',
    remedy: 'Install ModShark; in a source checkout: npm run build',
  };
  return { ok: false, problem };
}
