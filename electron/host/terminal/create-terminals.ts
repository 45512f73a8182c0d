import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import type { Input, Output } from '../../../shared/ipc/contract.ts';
import type { HostServer } from '../../../shared/ipc/server.ts';
import type { OpenedTerminal } from '../../../shared/ipc/terminal-contract.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { HostSystem } from '../capture/host-system.ts';
import { textAgentCommand } from '../capture/start-text-agent.ts';
import { agentProgram } from './agent-program.ts';
import { chooseShell } from './choose-shell.ts';
import { cleanEnvironment } from './clean-environment.ts';
import { createTerminal, type Terminal } from './create-terminal.ts';
import { loadPty } from './load-pty.ts';
import { prepareShell, type TerminalProgram } from './prepare-shell.ts';

export interface TerminalsOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly system: Pick<HostSystem, 'findProgram' | 'pid'>;
  /** Where the scripts that a shell reads are written. */
  readonly folder: string;
  /** How long terminals outlive the connection of their page. */
  readonly graceMs?: number;
}

/** Every terminal of the host: each is shown by one page at a time, and ends when that does not come back. */
export interface Terminals {
  open(connection: HostServer, asked: Input<'terminal.open'>): Promise<Output<'terminal.open'>>;
  /** Gives a connection the terminals of a page, whichever connection had them. */
  attach(connection: HostServer, page: string): readonly OpenedTerminal[];
  /** The terminal of that number, where the connection has it. */
  of(connection: HostServer, terminal: number): Terminal | undefined;
  /** The connection is gone; its page may be loading again. */
  leave(connection: HostServer): void;
  close(): void;
}

interface Kept {
  readonly page: string;
  readonly opened: OpenedTerminal;
  readonly terminal: Terminal;
  connection: HostServer | undefined;
  timer: NodeJS.Timeout | undefined;
}

const mostTerminals = 16;
const usualGraceMs = 30_000;

export function createTerminals({ env, system, folder, graceMs = usualGraceMs }: TerminalsOptions): Terminals {
  const kept = new Map<number, Kept>();
  const gone = new WeakSet<HostServer>();
  let next = 1;
  let closed = false;

  async function chooseProgram(
    kind: OpenedTerminal['kind'],
    key: string,
  ): Promise<{ program: TerminalProgram; name: string; marks: boolean } | { problem: Problem }> {
    const base = { env: cleanEnvironment(env), cwd: homeFolder(env) };
    if (kind === 'shell') {
      const shell = chooseShell(env['SHELL'], shellOfPasswd());
      const { marks, ...program } = await prepareShell({ ...base, shell, folder: join(folder, 'shell'), key });
      return { program, name: basename(shell.path), marks };
    }
    const agent = system.findProgram('pkttyagent');
    if (agent === undefined) return { problem: noAgent };
    return {
      program: agentProgram(textAgentCommand(system.pid, agent), base, key),
      name: basename(agent),
      marks: false,
    };
  }

  function show(one: Kept, connection: HostServer): void {
    const { terminal } = one.opened;
    one.terminal.attach({
      output: (bytes, replay) => connection.emit('terminal.output', { terminal, replay }, bytes),
      command: (command) => connection.emit('terminal.command', { terminal, ...command }),
    });
  }

  return {
    async open(connection, { page, kind, columns, rows }) {
      const loaded = loadPty();
      if ('problem' in loaded) return { ok: false, problem: loaded.problem };
      const key = randomBytes(18).toString('base64url');
      const chosen = await chooseProgram(kind, key);
      if ('problem' in chosen) return { ok: false, problem: chosen.problem };
      if (closed || gone.has(connection)) return { ok: false, problem: tooLate };
      if (kept.size >= mostTerminals) return { ok: false, problem: tooMany };
      const terminal = next++;
      let ready = () => {};
      const untilReady = new Promise<void>((resolve) => {
        ready = resolve;
      });
      const created = createTerminal({
        pty: loaded.pty,
        program: chosen.program,
        key,
        columns,
        rows,
        onReady: ready,
        onEnded(exitCode) {
          ready();
          const one = kept.get(terminal);
          kept.delete(terminal);
          clearTimeout(one?.timer);
          one?.connection?.emit('terminal.ended', { terminal, exitCode });
        },
      });
      if ('problem' in created) return { ok: false, problem: created.problem };
      const opened = { terminal, kind, program: chosen.name, marks: chosen.marks };
      const one: Kept = { page, opened, terminal: created.terminal, connection, timer: undefined };
      kept.set(terminal, one);
      show(one, connection);
      if (kind === 'authorisation') await untilReady;
      return { ok: true, opened };
    },
    attach(connection, page) {
      const found = [...kept.values()].filter((one) => one.page === page);
      for (const one of found) {
        clearTimeout(one.timer);
        one.connection = connection;
      }
      // The answer goes first, so that the page knows whose output follows.
      setImmediate(() => {
        for (const one of found) if (one.connection === connection) show(one, connection);
      });
      return found.map(({ opened }) => opened);
    },
    of(connection, terminal) {
      const one = kept.get(terminal);
      return one?.connection === connection ? one.terminal : undefined;
    },
    leave(connection) {
      gone.add(connection);
      for (const one of kept.values()) {
        if (one.connection !== connection) continue;
        one.connection = undefined;
        one.terminal.detach();
        one.timer = setTimeout(() => one.terminal.hangUp(), graceMs);
      }
    },
    close() {
      closed = true;
      for (const one of kept.values()) {
        clearTimeout(one.timer);
        one.connection = undefined;
        one.terminal.hangUp();
      }
    },
  };
}

function homeFolder(env: NodeJS.ProcessEnv): string {
  const home = env['HOME'] ?? homedir();
  return statSync(home, { throwIfNoEntry: false })?.isDirectory() ? home : '/';
}

/** A user id without an entry has no shell there. */
function shellOfPasswd(): string | null {
  try {
    return userInfo().shell;
  } catch {
    return null;
  }
}

const tooMany: Problem = {
  what: 'No further terminal could be opened.',
  why: `${mostTerminals} are open already.`,
  remedy: 'Close one of them.',
};

const tooLate: Problem = {
  what: 'No terminal could be opened.',
  why: 'ModShark is being ended.',
  remedy: 'Start it again.',
};

const noAgent: Problem = {
  what: 'Nothing here can ask for a password.',
  why: 'pkttyagent, which asks in a terminal, is not installed.',
  remedy: 'Install it: sudo apt install polkitd (policykit-1 on older systems).',
};
