import { escapeTerminal } from '../../shared/export/escape-terminal.ts';
import type { HostSystem } from '../host/capture/host-system.ts';
import { surveyCapture } from '../host/capture/survey-capture.ts';
import type { RecordStreams } from './record.ts';

/** `modshark record --check`: says what stands in the way of a recording; true where nothing does. */
export function printPreflight(system: HostSystem, root: string, { stdout }: Pick<RecordStreams, 'stdout'>): boolean {
  const { way, checks } = surveyCapture({ system, root, byHand: 'sudo modshark record' });
  for (const { name, ok, blocks, detail, remedy } of checks) {
    stdout.write(`${ok ? 'ok  ' : blocks ? 'NO  ' : '?   '} ${name.padEnd(21)} ${escapeTerminal(detail)}\n`);
    if (remedy !== '') stdout.write(`${' '.repeat(27)}${escapeTerminal(remedy)}\n`);
  }
  const free = checks.every((check) => !check.blocks);
  const by = { root: 'as root', pkexec: 'by pkexec', sudo: 'by sudo' }[way];
  stdout.write(free ? `Recording is possible ${by}.\n` : 'Recording is not possible yet.\n');
  return free;
}
