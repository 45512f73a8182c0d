import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createTerminals, type Terminals } from '../../../electron/host/terminal/create-terminals.ts';
import type { Payload } from '../../../shared/ipc/contract.ts';
import type { HostServer } from '../../../shared/ipc/server.ts';
import { createVigil } from '../../support/create-vigil.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

// Real shells, which a busy machine starts slowly.
vi.setConfig({ testTimeout: 30_000 });

/** A page's connection, and what was sent over it. */
interface FakeConnection extends HostServer {
  readonly said: { name: string; payload: object; text: string }[];
  textOf(terminal: number): string;
  until(isSo: () => boolean): Promise<void>;
}

function connect(): FakeConnection {
  const said: FakeConnection['said'] = [];
  const vigil = createVigil();
  return {
    said,
    emit(name, payload, ...tail) {
      said.push({ name, payload, text: tail[0] === undefined ? '' : Buffer.from(tail[0]).toString() });
      vigil.notice();
    },
    textOf: (terminal) =>
      said
        .filter(
          ({ name, payload }) =>
            name === 'terminal.output' && (payload as Payload<'terminal.output'>).terminal === terminal,
        )
        .map(({ text }) => text)
        .join(''),
    until: vigil.until,
  };
}

const pageA = 'page-a-0123456789';
const pageB = 'page-b-0123456789';

async function start(options: { graceMs?: number; agent?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Terminals> {
  const home = await temporaryFolder();
  await writeFile(join(home, '.bashrc'), "PS1='$ '\n");
  const terminals = createTerminals({
    // Without a history, which a shell would write while its home is removed.
    env: { PATH: process.env['PATH'], HOME: home, SHELL: '/bin/bash', LANG: 'C.UTF-8', HISTFILE: '', ...options.env },
    system: { pid: process.pid, findProgram: () => options.agent },
    folder: join(home, 'state'),
    ...(options.graceMs === undefined ? {} : { graceMs: options.graceMs }),
  });
  onTestFinished(() => terminals.close());
  return terminals;
}

async function open(terminals: Terminals, connection: FakeConnection, page = pageA): Promise<number> {
  const opened = await terminals.open(connection, { page, kind: 'shell', columns: 80, rows: 24 });
  if (!opened.ok) throw new Error(opened.problem.why);
  const { terminal } = opened.opened;
  await connection.until(() => connection.textOf(terminal).includes('$ '));
  return terminal;
}

function isMaster(fd: string): boolean {
  try {
    return /^\/dev\/(pts\/)?ptmx$/.test(readlinkSync(`/proc/self/fd/${fd}`));
  } catch {
    return false;
  }
}

async function pidOf(terminals: Terminals, connection: FakeConnection, terminal: number): Promise<string> {
  await terminals.of(connection, terminal)?.write('echo pid=$$.\r');
  await connection.until(() => /pid=\d+\./.test(connection.textOf(terminal)));
  return /pid=(\d+)\./.exec(connection.textOf(terminal))![1]!;
}

test('a program has its own terminal open and no other, whatever was opened before it', async () => {
  const env = {
    BASH_ENV: '/dev/null/none',
    'BASH_FUNC_greet%%': '() {  echo greeted; }',
    ODD: 'a b\n$c',
    'x.y': 'odd names, too',
    fd: 'mine',
    SHELLOPTS: 'braceexpand:hashall',
  };
  const terminals = await start({ env });
  const connection = connect();
  await open(terminals, connection);
  const second = await open(terminals, connection);
  const pid = await pidOf(terminals, connection, second);
  const masters = readdirSync(`/proc/${pid}/fd`).filter((fd) => /ptmx$/.test(readlinkSync(`/proc/${pid}/fd/${fd}`)));
  expect(masters).toEqual([]);
  // And its environment is what it would have been.
  await terminals.of(connection, second)?.write('greet; echo "<$BASH_ENV|$SHLVL|$ODD>"\r');
  await connection.until(() => /greeted\r\n<[^>]*>/.test(connection.textOf(second)));
  expect(connection.textOf(second)).toContain('greeted\r\n</dev/null/none|1|a b\r\n$c>');
  await terminals.of(connection, second)?.write('env | grep "^x[.]y="; echo "[$fd|$-]"\r');
  await connection.until(() => /\n\[.*?\]/.test(connection.textOf(second)));
  expect(connection.textOf(second)).toMatch(/x\.y=odd names, too\r\n\[mine\|[A-Za-oq-z]+\]/);
});

describe('a terminal belongs to the page that opened it', () => {
  test('another connection can neither read nor write nor end it', async () => {
    const terminals = await start();
    const [a, b] = [connect(), connect()];
    const terminal = await open(terminals, a);
    expect(terminals.of(b, terminal)).toBeUndefined();
    expect(terminals.attach(b, pageB)).toEqual([]);
    await terminals.of(a, terminal)?.write('echo only a\r');
    await a.until(() => /\ronly a/.test(a.textOf(terminal)));
    expect(b.said).toEqual([]);
  });

  test('a page that is loaded again has it back, with its output and its commands, and the connection before has not', async () => {
    const terminals = await start();
    const [before, after] = [connect(), connect()];
    const terminal = await open(terminals, before);
    await terminals.of(before, terminal)?.write('echo from before\r');
    await before.until(() => /\rfrom before/.test(before.textOf(terminal)));
    expect(terminals.attach(after, pageA)).toEqual([{ terminal, kind: 'shell', program: 'bash', marks: true }]);
    // The old connection may be seen to end only now.
    terminals.leave(before);
    await after.until(() => after.textOf(terminal).includes('from before'));
    expect(after.said.find(({ name }) => name === 'terminal.output')?.payload).toEqual({ terminal, replay: true });
    await after.until(() => after.said.some(({ name }) => name === 'terminal.command'));
    expect(after.said.find(({ name }) => name === 'terminal.command')?.payload).toMatchObject({
      command: 1,
      line: 'echo from before',
    });
    expect(terminals.of(before, terminal)).toBeUndefined();
    await terminals.of(after, terminal)?.write('echo and after\r');
    await after.until(() => /\rand after/.test(after.textOf(terminal)));
  });

  test('its output is kept while nobody looks, but for what is older than 256 KiB', async () => {
    const terminals = await start();
    const [before, after] = [connect(), connect()];
    const terminal = await open(terminals, before);
    await terminals.of(before, terminal)?.write('seq 1 100000; echo the end > done\r');
    terminals.leave(before);
    terminals.attach(after, pageA);
    await after.until(() => /100000\r\n.*\$ $/.test(after.textOf(terminal)));
    const replayed = after.said.filter(({ payload }) => 'replay' in payload && payload.replay === true);
    expect(replayed.map(({ text }) => text).join('').length).toBeLessThanOrEqual(256 * 1024);
  });

  test('it is hung up when its page does not come back', async () => {
    const terminals = await start({ graceMs: 1 });
    const [a, late] = [connect(), connect()];
    const terminal = await open(terminals, a);
    const pid = await pidOf(terminals, a, terminal);
    terminals.leave(a);
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 10_000 }).toBe(false);
    expect(terminals.attach(late, pageA)).toEqual([]);
  });

  test('all are hung up with the host, and what runs in them too', async () => {
    const terminals = await start();
    const a = connect();
    const terminal = await open(terminals, a);
    const pid = await pidOf(terminals, a, terminal);
    await terminals.of(a, terminal)?.write('sleep 1000\r');
    await a.until(() => a.said.some(({ name }) => name === 'terminal.command'));
    terminals.close();
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 10_000 }).toBe(false);
  });

  test('there is an end to how many there are', async () => {
    const terminals = await start();
    const a = connect();
    const opened = await Promise.all(
      Array.from({ length: 18 }, () => terminals.open(a, { page: pageA, kind: 'shell', columns: 80, rows: 24 })),
    );
    expect(opened.filter(({ ok }) => ok)).toHaveLength(16);
    expect(opened.find(({ ok }) => !ok)).toMatchObject({ problem: { why: '16 are open already.' } });
  });
});

describe('a flood', () => {
  test('of output stops where the page has not shown a mebibyte, and goes on when it has', async () => {
    const terminals = await start();
    const a = connect();
    const terminal = await open(terminals, a);
    const shown = () => a.textOf(terminal).length;
    await terminals.of(a, terminal)?.write('yes\r');
    await a.until(() => shown() > 1024 * 1024);
    // Another shell does something meanwhile, and still nothing comes.
    const other = await open(terminals, a);
    const stopped = shown();
    expect(stopped).toBeLessThan(1024 * 1024 + 512 * 1024);
    await terminals.of(a, other)?.write('seq 1 1000; echo done $((1+1))\r');
    await a.until(() => a.textOf(other).includes('done 2'));
    expect(shown()).toBe(stopped);
    terminals.of(a, terminal)?.acknowledge(stopped);
    await a.until(() => shown() > stopped + 512 * 1024);
  });

  test('of output is shown to its end where the shell ends before the page has shown it', async () => {
    const terminals = await start();
    const a = connect();
    const terminal = await open(terminals, a);
    // Each line gains a return. What is beyond the mebibyte is little enough to stay with the kernel.
    const bytes = 2 * Math.floor((1024 * 1024 + 5 * 1024) / 3);
    await terminals.of(a, terminal)?.write(`yes | head -c ${bytes}; echo 'good''bye'; exit 3\r`);
    await a.until(() => a.said.some(({ name }) => name === 'terminal.ended'));
    expect(a.textOf(terminal).slice(-30)).toMatch(/goodbye\r\n(exit\r\n)?$/);
  });

  test('whose program closed it and goes on takes a new size without a complaint', async () => {
    const masters = () => readdirSync('/proc/self/fd').filter(isMaster).length;
    const before = masters();
    const terminals = await start();
    const a = connect();
    const terminal = await open(terminals, a);
    expect(masters()).toBe(before + 1);
    await terminals.of(a, terminal)?.write('trap "" HUP; exec sleep 5 < /dev/null &> /dev/null\r');
    await vi.waitUntil(() => masters() === before, { timeout: 10_000 });
    expect(() => terminals.of(a, terminal)?.resize(100, 30)).not.toThrow();
  });

  test('of input to a program that does not read keeps nobody waiting but whoever sent it', async () => {
    const terminals = await start();
    const a = connect();
    const terminal = await open(terminals, a);
    await terminals.of(a, terminal)?.write('stty raw -echo; echo is raw; sleep 1000\r');
    await a.until(() => /is raw\s*$/.test(a.textOf(terminal)));
    let written = false;
    void terminals
      .of(a, terminal)
      ?.write('x'.repeat(500_000))
      .then(() => {
        written = true;
      });
    const other = await open(terminals, a);
    await terminals.of(a, other)?.write('echo the host lives\r');
    await a.until(() => /\rthe host lives/.test(a.textOf(other)));
    expect(written).toBe(false);
    expect(await terminals.of(a, terminal)?.write('x'.repeat(600_000))).toBe(false);
  });
});

describe('the environment of a shell', () => {
  test('is the user’s, without what ModShark and what started it put there', async () => {
    const terminals = await start({
      env: {
        EDITOR: 'vi',
        MODSHARK_SECRET: 'x',
        ELECTRON_RUN_AS_NODE: '1',
        npm_config_token: 'x',
        npm_execpath: '/usr/bin/npm',
        NODE_ENV: 'production',
        INVOCATION_ID: 'x',
        TMUX: 'x',
        PATH: `/home/x/node_modules/.bin:${process.env['PATH']}`,
      },
    });
    const a = connect();
    const terminal = await open(terminals, a);
    await terminals.of(a, terminal)?.write('env; echo over\r');
    await a.until(() => /\nover/.test(a.textOf(terminal)));
    const names = [...a.textOf(terminal).matchAll(/^([A-Za-z_]\w*)=/gm)].map(([, name]) => name);
    expect(names).toContain('EDITOR');
    expect(names.filter((name) => /MODSHARK|ELECTRON|npm_|NODE_|INVOCATION|TMUX/.test(name!))).toEqual([]);
    expect(a.textOf(terminal)).not.toContain('node_modules/.bin');
    expect(a.textOf(terminal)).toMatch(/^TERM=xterm-256color\r$/m);
  });
});

describe('the terminal in which polkit asks for a password', () => {
  async function agent(script: string): Promise<string> {
    const path = join(await temporaryFolder(), 'pkttyagent');
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  }
  const asked = { page: pageA, kind: 'authorisation', columns: 80, rows: 24 } as const;

  test('is open when the agent is registered for this very process, and its terminal is where it asks', async () => {
    const path = await agent(
      'printf "agent for %s %s\\n" "$1" "$2"; env | grep -c MODSHARK; exec 3>&-; printf "Password: " >/dev/tty; read answer </dev/tty; echo "got $answer"',
    );
    const terminals = await start({ agent: path });
    const a = connect();
    const opened = await terminals.open(a, asked);
    expect(opened).toMatchObject({ ok: true, opened: { kind: 'authorisation', program: 'pkttyagent', marks: false } });
    if (!opened.ok) return;
    const { terminal } = opened.opened;
    await a.until(() => a.textOf(terminal).includes('Password: '));
    expect(a.textOf(terminal)).toMatch(new RegExp(`agent for --process ${process.pid},\\d+`));
    expect(a.textOf(terminal)).toMatch(/^0\r$/m);
    await terminals.of(a, terminal)?.write('hunter2\r');
    await a.until(() => a.textOf(terminal).includes('got hunter2'));
  });

  test('shows what the agent said that could not register', async () => {
    const terminals = await start({ agent: await agent('echo "Error registering: no bus"; exit 127') });
    const a = connect();
    const opened = await terminals.open(a, asked);
    expect(opened.ok).toBe(true);
    await a.until(() => a.said.some(({ name }) => name === 'terminal.ended'));
    expect(a.said.map(({ text }) => text).join('')).toContain('no bus');
  });

  test('is not there without pkttyagent, and says what to install', async () => {
    const terminals = await start();
    expect(await terminals.open(connect(), asked)).toMatchObject({
      ok: false,
      problem: { what: 'Nothing here can ask for a password.', remedy: expect.stringContaining('polkitd') },
    });
  });
});
