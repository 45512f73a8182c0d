import { escapeTerminal } from '../../shared/export/escape-terminal.ts';
import { checkPreflight } from '../host/capture/check-preflight.ts';
import { chooseHelperCommand } from '../host/capture/choose-helper-command.ts';
import { findBuiltHelper, findInstalledHelper } from '../host/capture/find-helper.ts';
import type { HostSystem } from '../host/capture/host-system.ts';
import type { RecordStreams } from './record.ts';

/** `modshark record --check`: says what stands in the way of a recording; true where nothing does. */
export function printPreflight(system: HostSystem, root: string, { stdout }: Pick<RecordStreams, 'stdout'>): boolean {
  const found = { system, helper: findInstalledHelper(), built: findBuiltHelper(root) };
  const chosen = chooseHelperCommand({ ...found, byHand: 'sudo modshark record' });
  // Where no way is open, polkit's is what should be made to work.
  const way = chosen.ok ? chosen.command.way : system.uid === 0 ? 'root' : 'pkexec';
  const checks = checkPreflight({ ...found, way });
  for (const { name, ok, blocks, detail, remedy } of checks) {
    stdout.write(`${ok ? 'ok  ' : blocks ? 'NO  ' : '?   '} ${name.padEnd(21)} ${escapeTerminal(detail)}\n`);
    if (remedy !== '') stdout.write(`${' '.repeat(27)}${escapeTerminal(remedy)}\n`);
  }
  const free = checks.every((check) => !check.blocks);
  const by = { root: 'as root', pkexec: 'by pkexec', sudo: 'by sudo' }[way];
  stdout.write(free ? `Recording is possible ${by}.\n` : 'Recording is not possible yet.\n');
  return free;
}
