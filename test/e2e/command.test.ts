import { spawn } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { userEnvironment } from '../support/launch-window.ts';
import { command, vkmsRecording } from '../support/project-paths.ts';
import { startServe } from '../support/start-serve.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** For what another process does in its own time. */
const patience = { timeout: 30_000 };

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Running {
  /** The first line on stderr that matches. */
  line(pattern: RegExp): Promise<string>;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
}

function run(argv: readonly string[], env: NodeJS.ProcessEnv): Running {
  const child = spawn(process.execPath, [command, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  createInterface(child.stderr).on('line', (line) => {
    lines.push(line);
    for (const wake of waiting.splice(0)) wake(line);
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr: lines.join('\n') }));
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    ended,
    kill: (signal) => void child.kill(signal),
    async line(pattern) {
      while (true) {
        const found = lines.find((line) => pattern.test(line));
        if (found !== undefined) return found;
        await Promise.race([
          new Promise((resolve) => waiting.push(resolve as (line: string) => void)),
          ended.then(({ stderr }) => Promise.reject(new Error(`ended without ${pattern}: ${stderr}`))),
        ]);
      }
    },
  };
}

describe('the modshark command', () => {
  test('says its version', async () => {
    const { version } = JSON.parse(await readFile(join(command, '../../../package.json'), 'utf8')) as {
      version: string;
    };
    expect(await run(['--version'], process.env).ended).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('says how it is used', async () => {
    const { code, stdout } = await run(['--help'], process.env).ended;
    expect(code).toBe(0);
    for (const word of ['modshark [FILE]', 'explain [MODULE] FILE', 'serve [FILE]', '--port'])
      expect(stdout).toContain(word);
  });

  test('who has seen enough of an explanation may stop reading', async () => {
    const child = spawn('sh', ['-c', `"$0" "$1" explain "$2" | true; :`, process.execPath, command, vkmsRecording], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    expect(complaint).toBe('');
  });

  test('what it does not understand is told on stderr, with exit code 2', async () => {
    expect(await run(['--loud'], process.env).ended).toEqual({
      code: 2,
      stdout: '',
      stderr: 'modshark: unknown option --loud. See modshark --help.',
    });
  });

  test('serve on a port that is taken says so', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await run(['serve', '--port', String(port)], process.env).ended;
    expect([code, stderr]).toEqual([2, `Port ${port} is taken.`]);
  });

  test('serve listens where it is told, and ends with a signal', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => free.once('listening', resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const served = await startServe(['--port', String(port)], userEnvironment(await temporaryFolder()));
    expect(served.address).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port}/#token=[\\w-]{43}$`));
    expect(await served.stop()).toBe(0);
  });
});

describe('opening a window without Electron', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeEach(async () => {
    folder = await temporaryFolder();
    await mkdir(join(folder, 'bin'));
    await mkdir(join(folder, 'tmp'));
    env = {
      ...userEnvironment(folder),
      PATH: join(folder, 'bin'),
      TMPDIR: join(folder, 'tmp'),
      DISPLAY: ':99',
      ELECTRON_OVERRIDE_DIST_PATH: '/nowhere',
    };
  });

  /** Puts a program in the PATH that does what the script says, in Node. */
  async function install(name: string, script: string): Promise<void> {
    const path = join(folder, 'bin', name);
    await writeFile(path, `#!${process.execPath}\nconst { writeFileSync } = require('node:fs');\n${script}`);
    await chmod(path, 0o755);
  }

  const recorded = async () => JSON.parse(await readFile(join(folder, 'seen.json'), 'utf8')) as Record<string, never>;

  /** What a browser does with the address it is started with, without showing anything. */
  const visit = `
    const address = process.argv.map((word) => word.replace('--app=', '')).find((word) => word.startsWith('http'));
    fetch(address, { redirect: 'manual' }).then(async (first) => {
      const again = await fetch(address, { redirect: 'manual' });
      writeFileSync(${JSON.stringify('SEEN')}, JSON.stringify({
        argv: process.argv.slice(2), status: first.status, location: first.headers.get('location'), again: again.status,
      }));
      process.exit(0);
    });`;
  const visitor = () => visit.replace('SEEN', join(folder, 'seen.json'));

  test('an app window gets an address that is good once and holds no token; its end is the end', async () => {
    await install('chromium', visitor());
    const { code } = await run([], env).ended;
    expect(code).toBe(0);
    const { argv, status, location, again } = await recorded();
    expect([status, again]).toEqual([303, 403]);
    expect(location).toMatch(/^\/#token=[\w-]{43}$/);
    expect(String(argv)).not.toContain(String(location).slice('/#token='.length));
    expect(String(argv)).toMatch(/--app=http:\/\/127\.0\.0\.1:\d+\/enter\//);
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  test('a browser that cannot start is told of, with its own words, and the address still works', async () => {
    await install('google-chrome', `process.stderr.write('cannot open display\\n'); process.exit(1);`);
    const running = run([], env);
    const address = await running.line(/^http/);
    expect((await fetch(address)).status).toBe(200);
    running.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(stderr).toContain('The window could not be opened');
    expect(stderr).toContain('cannot open display');
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends the window and everything it left', async (signal) => {
    await install(
      'chromium',
      `writeFileSync('${join(folder, 'pid')}', String(process.pid)); setInterval(() => {}, 1000);`,
    );
    const running = run([], env);
    const readPid = () => readFile(join(folder, 'pid'), 'utf8').catch(() => '');
    await expect.poll(readPid, patience).toMatch(/\d/);
    const pid = Number(await readPid());
    running.kill(signal);
    expect((await running.ended).code).toBe(0);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  test('without such a browser the desktop’s own is asked, and the address is printed', async () => {
    await install('xdg-open', visitor());
    const running = run([], env);
    const address = await running.line(/^http/);
    await expect.poll(() => recorded().catch(() => undefined), patience).toMatchObject({ status: 303, again: 403 });
    expect(address).toContain(String((await recorded())['location']));
    running.kill('SIGINT');
    expect((await running.ended).code).toBe(0);
  });

  test('without a display the address is printed, and it works', async () => {
    const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...headless } = env;
    const running = run([], headless);
    const address = await running.line(/^http/);
    expect((await fetch(address)).status).toBe(200);
    running.kill('SIGTERM');
    const { code, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(stderr).toContain('No display here.');
    await expect(fetch(address)).rejects.toThrow();
  });

  test('with Electron’s binary there, it is Electron that is started', async () => {
    await mkdir(join(folder, 'dist'));
    await install(
      '../dist/electron',
      `writeFileSync('${join(folder, 'seen.json')}', JSON.stringify({ argv: process.argv.slice(2) }));`,
    );
    const { code } = await run(['--', 'trace.txt'], {
      ...env,
      ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'dist'),
      PATH: [env['PATH'], process.env['PATH']].join(delimiter),
    }).ended;
    expect(code).toBe(0);
    const { argv } = await recorded();
    expect((argv as string[]).slice(-2)).toEqual(['--', 'trace.txt']);
  });

  test('an Electron that does not come up is told of, and a browser takes its place', async () => {
    await mkdir(join(folder, 'dist'));
    await install('../dist/electron', `console.error('[1:FATAL:sandbox.cc] no sandbox here'); process.abort();`);
    await install('chromium', visitor());
    const { code, stderr } = await run([], { ...env, ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'dist') }).ended;
    expect(code).toBe(0);
    expect(stderr).toContain('Electron could not start ([1:FATAL:sandbox.cc] no sandbox here).');
    expect(await recorded()).toMatchObject({ status: 303 });
  });
});
