import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { giveEachTestATree, line, traceOneLine } from './support/give-each-test-a-tree.ts';
import { answers, asOrdinaryUser, machine, putInPlace, rootHelpers } from './support/machine.ts';

const tree = giveEachTestATree();
const node = join(machine.folder, 'node');
const realCommand = join(machine.folder, 'app/out/electron/cli.mjs');
const cli = join(machine.folder, 'app/out/electron/record-on-any-kernel.mjs');
const file = join(machine.home, 'recording.txt');
const python = '/usr/bin/python3';

afterEach(() => rmSync(file, { force: true }));

interface Run {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a program as the user, in a session of its own without a terminal. */
function asUser(argv: readonly string[], onOutput: (text: string, pid: number) => void = () => {}): Promise<Run> {
  const [program, ...rest] = argv;
  const child = spawn(program!, rest, {
    ...asOrdinaryUser,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      onOutput(output, child.pid!);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}

const recordCommand = (...options: string[]) => [node, cli, 'record', '-o', file, ...options];
const spooled = () => {
  const folder = join(machine.home, '.local/state/modshark/spool');
  return existsSync(folder) ? readdirSync(folder) : [];
};

test('where a rule allows it, an ordinary user records, and Ctrl-C leaves a whole file and a clean tracefs', async () => {
  answers('yes');
  let step = 0;
  const run = await asUser(recordCommand(), (output, pid) => {
    if (step === 0 && output.includes('Ctrl-C stops')) {
      step = 1;
      traceOneLine(tree());
      process.kill(pid, 'SIGINT');
    }
  });
  expect(run).toMatchObject({ status: 0 });
  const text = readFileSync(file, 'latin1');
  expect(text).toContain(line);
  expect(text).toContain('# ended: stopped\n');
  expect(tree().instances()).toEqual([]);
  expect(spooled()).toEqual([]);
});

test('the pump that reads for the user has the user’s id, and the janitor root’s', async () => {
  answers('yes');
  const uids: string[] = [];
  const run = await asUser(recordCommand(), (output, pid) => {
    if (uids.length > 0 || !output.includes('Ctrl-C stops')) return;
    const helpers = rootHelpers().filter((name) => name.startsWith('fake-helper '));
    uids.push(...helpers.map((name) => String(statSync(`/proc/${name.split(' ')[1]}`).uid)));
    process.kill(pid, 'SIGTERM');
  });
  expect(run.status).toBe(0);
  expect(uids.sort()).toEqual(['0', String(machine.uid)]);
});

test('a user who is killed while recording leaves nothing running, a clean tracefs, and a recording that is offered back', async () => {
  answers('yes');
  let killed = false;
  await asUser(recordCommand(), (output, pid) => {
    if (killed || !output.includes('Ctrl-C stops')) return;
    killed = true;
    process.kill(pid, 'SIGKILL');
  });
  // The helper notices by its stdin: it is root's process, and ends on its own.
  await expect.poll(rootHelpers, { timeout: 20_000 }).toEqual([]);
  expect(tree().instances()).toEqual([]);
  expect(spooled()).toHaveLength(1);
  answers('no');
  const next = await asUser(recordCommand());
  expect(next.output).toContain('An unfinished recording is kept');
});

test('where a rule denies it, the user is told, and nothing is left', async () => {
  answers('no');
  const run = await asUser(recordCommand());
  expect(run.status).toBe(3);
  expect(run.output).toContain('a rule of this machine does not let you record');
  expect(existsSync(file)).toBe(false);
  expect(spooled()).toEqual([]);
});

test('where nobody can be asked, the user is told what to do', async () => {
  answers('ask');
  const run = await asUser(recordCommand());
  expect(run.status).toBe(3);
  expect(run.output).toContain('this session has no polkit agent');
  expect(run.output).toContain('sudo modshark record');
});

test('where the question is dismissed, the user is told that', async () => {
  answers('ask');
  const fifo = join(machine.home, 'ready');
  execFileSync('mkfifo', ['-m', '666', fifo]);
  const agent = join(machine.folder, 'dismiss.py');
  // The shell becomes the command: the agent is registered for its process before it asks.
  const script = `${python} ${agent} $$ ${fifo} & echo "agent: $!"; read -r _ < ${fifo}; exec "$@"`;
  let ended = false;
  const run = await asUser(['/bin/sh', '-c', script, 'sh', ...recordCommand()], (output) => {
    if (ended || !output.includes('was dismissed')) return;
    ended = true; // the agent has nothing more to do, and holds our pipes
    process.kill(Number(/^agent: (\d+)$/m.exec(output)?.[1]), 'SIGTERM');
  });
  rmSync(fifo);
  expect(run.status).toBe(3);
  expect(run.output).toContain('The question for a password was dismissed.');
});

function typing(steps: readonly (readonly [string, string])[]): Promise<Run> {
  const program = join(machine.folder, 'type-in-terminal.py');
  return asUser([python, program, JSON.stringify(steps), ...recordCommand()]);
}

test('in a terminal, the right password starts the recording, and Ctrl-C ends it', async () => {
  answers('ask');
  const run = await typing([
    ['Password:', `${machine.password}\r`],
    ['Ctrl-C stops', '\x03'],
  ]);
  expect(run.output).toContain('Authentication is required to see which programs use which kernel modules');
  expect(run.output).not.toContain(machine.password);
  expect(run).toMatchObject({ status: 0 });
  expect(readFileSync(file, 'latin1')).toContain('# ended: stopped\n');
});

test('in a terminal, a wrong password is told as that', async () => {
  answers('ask');
  const run = await typing([['Password:', 'wrong\r']]);
  expect(run.status).toBe(3);
  expect(run.output).toContain('The password was wrong');
  expect(existsSync(file)).toBe(false);
});

test('in a terminal, Ctrl-C at the password starts nothing', async () => {
  answers('ask');
  const run = await typing([['Password:', '\x03']]);
  expect(run.status).not.toBe(0);
  expect(existsSync(file)).toBe(false);
  expect(spooled()).toEqual([]);
});

test('the real helper runs as root for the user: it records, or says which events this kernel lacks', async () => {
  putInPlace('real', tree());
  answers('yes');
  const hasEvents = existsSync('/sys/kernel/tracing/events/module/module_get');
  const program = [node, realCommand, 'record', '-o', file, '--duration', '1s'];
  const run = await asUser(program);
  if (hasEvents) {
    expect(run.status).toBe(0);
    expect(readFileSync(file, 'latin1')).toContain('# clock: mono');
  } else {
    expect(run.status).toBe(3);
    expect(run.output).toMatch(/This kernel has no (?:loadable modules|module events)/);
  }
});
