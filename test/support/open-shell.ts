import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chooseShell } from '../../electron/host/terminal/choose-shell.ts';
import { cleanEnvironment } from '../../electron/host/terminal/clean-environment.ts';
import type { ShellCommand } from '../../electron/host/terminal/create-command-log.ts';
import { createTerminal, type Terminal } from '../../electron/host/terminal/create-terminal.ts';
import { loadPty } from '../../electron/host/terminal/load-pty.ts';
import { prepareShell } from '../../electron/host/terminal/prepare-shell.ts';
import { createVigil } from './create-vigil.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A real shell in a real terminal, for a person with files of their own. */
export interface OpenShell {
  readonly terminal: Terminal;
  readonly marks: boolean;
  readonly home: string;
  /** The key of its marks, which nothing that is shown may hold. */
  readonly key: string;
  /** Everything that the page would have been sent. */
  shown(): string;
  /** What is known of each command, oldest first. */
  commands(): readonly ShellCommand[];
  /** Types a line. */
  type(line: string): Promise<void>;
  /** Waits until something is so; what the shell sends is what it is asked after. */
  until(isSo: () => boolean): Promise<void>;
  /** Types a line and waits until the shell has told of its end. */
  run(line: string): Promise<ShellCommand>;
  readonly ended: Promise<number | null>;
}

interface ShellOptions {
  /** Files of the person's home, by their path in it. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: NodeJS.ProcessEnv;
}

const key = 'K'.repeat(24);

export async function openShell(path: string, { files = {}, env = {} }: ShellOptions = {}): Promise<OpenShell> {
  const home = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), text);
  }
  const loaded = loadPty();
  if ('problem' in loaded) throw new Error(loaded.problem.why);
  const { marks, ...program } = await prepareShell({
    shell: chooseShell(path, null),
    // Without a history, which a shell would write while its home is removed.
    env: cleanEnvironment({ PATH: process.env['PATH'], HOME: home, LANG: 'C.UTF-8', HISTFILE: '', ...env }),
    cwd: home,
    folder: join(home, '.local/state/modshark'),
    key,
  });
  const decoder = new TextDecoder();
  const commands = new Map<number, ShellCommand>();
  const { until, notice } = createVigil();
  let shown = '';
  let end: (code: number | null) => void;
  const ended = new Promise<number | null>((resolve) => {
    end = resolve;
  });
  const created = createTerminal({
    pty: loaded.pty,
    program,
    key,
    columns: 100,
    rows: 30,
    onEnded: (code) => {
      end(code);
      notice();
    },
  });
  if ('problem' in created) throw new Error(created.problem.why);
  const { terminal } = created;
  let bytes = 0;
  terminal.attach({
    output(output) {
      bytes += output.length;
      shown += decoder.decode(output, { stream: true });
      terminal.acknowledge(bytes);
      notice();
    },
    command(command) {
      commands.set(command.command, command);
      notice();
    },
  });
  const type = async (line: string) => void (await terminal.write(`${line}\r`));
  return {
    terminal,
    marks,
    home,
    key,
    shown: () => shown,
    commands: () => [...commands.values()],
    type,
    until,
    async run(line) {
      const next = commands.size + 1;
      await type(line);
      await until(() => commands.get(next)?.until != null);
      return commands.get(next)!;
    },
    ended,
  };
}
