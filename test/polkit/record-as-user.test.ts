import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeTree, makeFakeTree } from '../helper/support/make-fake-tree.ts';
import { type Machine, putInPlace, rootHelpers } from './support/machine.ts';

const machine: Machine = JSON.parse(process.env['MODSHARK_POLKIT_MACHINE'] ?? '{}');
const node = join(machine.folder, 'node');
const realCommand = join(machine.folder, 'app/out/electron/cli.mjs');
const cli = join(machine.folder, 'app/out/electron/record-on-any-kernel.mjs');
const file = join(machine.home, 'recording.txt');
const python = '/usr/bin/python3';
const line = '          insmod-154     [001] .....     9.228660: module_load: testmod OE\n';

let tree: FakeTree;
beforeEach(() => {
  tree = makeFakeTree();
  putInPlace(machine, 'files', tree);
});
afterEach(() => {
  expect(rootHelpers()).toEqual([]);
  tree.remove();
  rmSync(file, { force: true });
  rmSync(join(machine.home, '.local'), { recursive: true, force: true });
});

const answers = (mode: 'yes' | 'no' | 'ask') => writeFileSync(machine.mode, mode);

interface Run {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a program as the user, in a session of its own without a terminal. */
function asUser(argv: readonly string[], onOutput: (text: string, pid: number) => void = () => {}): Promise<Run> {
  const [program, ...rest] = argv;
  const child = spawn(program!, rest, {
    uid: machine.uid,
    gid: machine.gid,
    cwd: machine.home,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { HOME: machine.home, PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', USER: 'modshark-test' },
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

/** The helper's instance in the tree of files gets a line, as the kernel would write it. */
function traceOneLine(): void {
  const [instance] = tree.instances();
  writeFileSync(join(tree.path, 'instances', instance!, 'trace_pipe'), line);
}

test('where a rule allows it, an ordinary user records, and Ctrl-C leaves a whole file and a clean tracefs', async () => {
  answers('yes');
  let step = 0;
  const run = await asUser(recordCommand(), (output, pid) => {
    if (step === 0 && output.includes('Ctrl-C stops')) {
      step = 1;
      traceOneLine();
      process.kill(pid, 'SIGINT');
    }
  });
  expect(run).toMatchObject({ status: 0 });
  const text = readFileSync(file, 'latin1');
  expect(text).toContain(line);
  expect(text).toContain('# ended: stopped\n');
  expect(tree.instances()).toEqual([]);
  expect(spooled()).toEqual([]);
});

test('the pump that reads for the user has the user’s id, and the janitor root’s', async () => {
  answers('yes');
  const uids: string[] = [];
  const run = await asUser(recordCommand(), (output, pid) => {
    if (uids.length > 0 || !output.includes('Ctrl-C stops')) return;
    uids.push(...execFileSync('ps', ['-o', 'uid=', '-C', 'fake-helper'], { encoding: 'utf8' }).trim().split(/\s+/));
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
  expect(tree.instances()).toEqual([]);
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
  expect(run.output).toContain('Authentication is required to record which programs use which kernel modules');
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
  putInPlace(machine, 'real', tree);
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
