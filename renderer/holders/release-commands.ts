import type { HolderAccount } from '../../shared/analysis/accounting.ts';

/** A command for a person's own shell, and what it tells; empty where the command says so itself. */
export interface ReleaseCommand {
  readonly purpose: string;
  readonly command: string;
}

/** Names go into a command only where no shell could take them for anything else. */
const HARMLESS = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/**
 * Commands that find a holder on the running system, or let it go. None of them kills a process: whether something
 * should end is for a person to decide.
 */
export function releaseCommands({ kind, name, pid }: HolderAccount): readonly ReleaseCommand[] {
  switch (kind) {
    case 'task':
    case 'socket':
      return pid === undefined || pid <= 0 ? [] : commandsForTask(pid);
    case 'module':
      return HARMLESS.test(name) ? [{ purpose: '', command: `sudo modprobe -r ${name}` }] : [];
    case 'mount':
      return HARMLESS.test(name) ? [{ purpose: 'Find where it is mounted', command: `findmnt -t ${name}` }] : [];
    default:
      return [];
  }
}

function commandsForTask(pid: number): readonly ReleaseCommand[] {
  return [
    { purpose: 'What it is, and its service', command: `systemctl status ${pid}` },
    { purpose: 'What it has open', command: `sudo ls -l /proc/${pid}/fd` },
  ];
}
