import { spawnSync } from 'node:child_process';
import type { Problem } from '../../../shared/problem.ts';
import { policyPath } from './check-preflight.ts';
import type { FoundHelper } from './find-helper.ts';
import type { HelperCommand } from './helper-command.ts';
import type { HostSystem } from './host-system.ts';

export interface CommandChoice {
  readonly system: HostSystem;
  readonly helper: FoundHelper | undefined;
  readonly built: string | undefined;
  /** What to run by hand where nothing else is possible. */
  readonly byHand: string;
}

export type ChosenCommand =
  | { readonly ok: true; readonly command: HelperCommand }
  | { readonly ok: false; readonly problem: Problem };

/**
 * Chooses how to start the helper: as root itself; else by pkexec where the policy is installed; else by sudo where that asks
 * nothing; else by the words for the user.
 */
export function chooseHelperCommand({ system, helper, built, byHand }: CommandChoice): ChosenCommand {
  const give = (way: HelperCommand['way'], file: string, argv: string[]): ChosenCommand => {
    return { ok: true, command: { way, file, argv } };
  };
  const refuse = (why: string): ChosenCommand => {
    const problem = { what: 'Nothing can be recorded as this user.', why, remedy: `Run: ${byHand}` };
    return { ok: false, problem };
  };
  if (helper?.flaw !== undefined)
    return refuse(`The capture helper ${helper.path} is not to be trusted. ${helper.flaw}`);
  if (system.uid === 0) {
    const path = helper?.path ?? built;
    if (path !== undefined) return give('root', path, []);
    return refuse('The capture helper is neither installed nor built (npm run build).');
  }
  if (helper === undefined) return refuse('The capture helper is not installed.');
  const pkexec = system.findProgram('pkexec');
  if (pkexec !== undefined && system.read(policyPath)?.includes(`>${helper.path}<`)) {
    return give('pkexec', pkexec, ['--disable-internal-agent', helper.path]);
  }
  const sudo = system.findProgram('sudo');
  if (sudo !== undefined && spawnSync(sudo, ['-n', '-l', helper.path], { stdio: 'ignore' }).status === 0) {
    return give('sudo', sudo, ['-n', helper.path]);
  }
  return refuse('There is neither pkexec with ModShark’s policy nor a sudo that asks no password.');
}
