import { spawn } from 'node:child_process';
import type { HelperCommand } from './helper-command.ts';
import type { HostSystem } from './host-system.ts';
import { processStart } from './process-start.ts';

/**
 * What asks for a password in a terminal, on behalf of this process: to be run in the terminal, before pkexec.
 *
 * Source: pkttyagent(1). pkexec's own text agent fails where helper sockets are not its own, so it is not used.
 */
export function textAgentCommand(pid: number, program: string): { file: string; argv: readonly string[] } {
  const start = processStart(pid);
  return { file: program, argv: ['--process', start === undefined ? String(pid) : `${pid},${start}`] };
}

/** An agent that runs until it is no longer needed. */
export interface TextAgent {
  close(): void;
}

/**
 * Starts pkttyagent in the terminal of this process, where pkexec is going to ask: a command asks where it was typed,
 * which over ssh is not where the desktop's dialogs come up; resolves when it is registered, or cannot be.
 */
export function startTextAgent(system: HostSystem, way: HelperCommand['way']): Promise<TextAgent> {
  const nothing = { close: () => undefined };
  const program = way === 'pkexec' && system.hasTerminal ? system.findProgram('pkttyagent') : undefined;
  if (program === undefined) return Promise.resolve(nothing);
  const { file, argv } = textAgentCommand(system.pid, program);
  // It closes descriptor 3 once it is registered.
  const child = spawn(file, [...argv, '--notify-fd', '3'], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  });
  child.on('error', () => undefined); // pkexec will say that there is no agent
  return new Promise((resolve) => {
    const ready = () => resolve({ close: () => void child.kill('SIGTERM') });
    child.stdio[3]!.on('close', ready);
    child.stdio[3]!.on('error', ready);
    (child.stdio[3] as NodeJS.ReadableStream).resume();
  });
}
