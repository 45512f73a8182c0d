import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRecordArguments } from '../../../electron/cli/read-record-arguments.ts';
import { runRecord } from '../../../electron/cli/record.ts';
import { lookAtThisSystem } from '../../../electron/host/capture/host-system.ts';
import { type Step, scriptedCommand } from '../../support/script-capture.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const get = '          insmod-154     [001] .....     9.228660: module_get: vkms call_site=do_init_module refcnt=2\n';
const recording: readonly Step[] = [
  { hello: {} },
  { trace: get },
  { counts: [[0, 0, 0, 0, 0, 1]] },
  { until: 'stop' },
  { bye: ['stop', 'removed'] },
];

async function run(argv: readonly string[], steps: readonly Step[] = recording, isTTY = false) {
  const state = await temporaryFolder();
  let stdout = '';
  let stderr = '';
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const streams = {
    stdout: {
      write: (text: string) => {
        stdout += text;
      },
    },
    stderr: {
      isTTY,
      write: (text: string) => {
        stderr += text;
        if (text.includes('Ctrl-C stops')) setImmediate(stop);
      },
    },
  };
  const status = await runRecord(argv, streams, {
    root: '/nowhere',
    state,
    called: '/usr/bin/modshark',
    system: lookAtThisSystem(),
    command: scriptedCommand(steps),
    ...(argv.includes('--duration') ? { stopped: new Promise(() => {}) } : { stopped }),
  });
  return { status, stdout, stderr, state };
}

test('records until Ctrl-C into the file, and says how to look at it', async () => {
  const file = join(await temporaryFolder(), "it's mine.txt");
  const { status, stdout, stderr, state } = await run(['-o', file, 'vkms', 'drm']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: `Recording vkms, drm into ${file}. Ctrl-C stops.\n` });
  const quoted = `'${file.replace("'", "'\\''")}'`;
  expect(stdout).toMatch(/: 1 event, 0 lost, 0:00, \d+ bytes\n/);
  expect(stdout).toContain(`modshark ${quoted} `);
  expect(stdout).toContain(`modshark explain ${quoted} `);
  expect(await readFile(file, 'latin1')).toContain(get);
  expect(await readdir(join(state, 'spool'))).toEqual([]);
});

test('a duration ends it, and a terminal is told how it goes', async () => {
  const file = join(await temporaryFolder(), 'x.txt');
  const { status, stderr } = await run(['-o', file, '--duration', '200ms'], recording, true);
  expect(status).toBe(0);
  expect(stderr.split('\r\x1b[K')[1]).toMatch(/^● \d events?, 0 lost, 0:00, .*, \d+\/s$/);
  expect(stderr.endsWith('\r\x1b[K')).toBe(true);
});

test('what ended early is saved all the same, with exit code 1', async () => {
  const file = join(await temporaryFolder(), 'x.txt');
  const { status, stderr } = await run(['-o', file], [{ hello: {} }, { trace: get }, { kill: 'SIGKILL' }]);
  expect(status).toBe(1);
  expect(stderr).toContain('The recording ended early. The capture helper ended without a word');
  expect(await readFile(file, 'latin1')).toContain(get);
});

test('where nothing began, the reason is told with exit code 3, and no file appears', async () => {
  const folder = await temporaryFolder();
  const steps = [{ refuse: ['no-tracefs', 'It is not there.'] }, { bye: ['refused', 'none'] }];
  const { status, stdout, stderr } = await run(['-o', join(folder, 'x.txt')], steps);
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  expect(stderr).toContain('Mount it: sudo mount -t tracefs');
  expect(await readdir(folder)).toEqual([]);
});

test('a place that takes no file is told before anything is started', async () => {
  const { status, stderr } = await run(['-o', '/nowhere/x.txt']);
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: 'modshark record: /nowhere/x.txt cannot be written: there is no such file or folder.\n',
  });
});

test('an unfinished recording of before is mentioned', async () => {
  const state = await temporaryFolder();
  await mkdir(join(state, 'spool'));
  await writeFile(join(state, 'spool/20261120T080000Z-1-1.txt'), '12345');
  let stderr = '';
  const file = join(await temporaryFolder(), 'x.txt');
  const stderrStream = {
    write: (text: string) => {
      stderr += text;
    },
  };
  await runRecord(
    ['-o', file],
    { stdout: { write: () => true }, stderr: stderrStream },
    {
      root: '/nowhere',
      state,
      called: 'modshark',
      system: lookAtThisSystem(),
      command: scriptedCommand([{ exit: 3 }]),
      stopped: new Promise(() => {}),
    },
  );
  expect(stderr).toContain(`An unfinished recording is kept (5 bytes): ${state}/spool/20261120T080000Z-1-1.txt`);
});

test('without anything of ours installed, the words to run by hand are exact', async () => {
  let stderr = '';
  const streams = {
    stdout: { write: () => true },
    stderr: {
      write: (text: string) => {
        stderr += text;
      },
    },
  };
  const file = join(await temporaryFolder(), 'my x.txt');
  const system = { ...lookAtThisSystem(), uid: 1000, findProgram: () => undefined };
  const surroundings = { root: '/nowhere', state: '/nowhere', called: '/opt/modshark', system };
  expect(await runRecord(['-o', file, '--stack', 'vkms'], streams, surroundings)).toBe(3);
  expect(stderr).toContain(`Run: sudo /opt/modshark record -o '${file}' --stack vkms`);
});

test('--check prints every check', async () => {
  const { status, stdout } = await run(['--check']);
  expect(stdout).toMatch(
    /capture helper.*\n[\s\S]*tracefs.*\n[\s\S]*Recording is (?:possible as root|not possible yet)\.\n$/,
  );
  expect(status).toBe(stdout.includes('not possible') ? 3 : 0);
});

test.each([
  [['vkms'], { modules: { which: 'only', names: ['vkms'] }, bufferKiB: 8192, stackTraces: false }],
  [['--exclude', 'a', 'b'], { modules: { which: 'except', names: ['a', 'b'] } }],
  [['--stack', '--buffer-size', '16M'], { stackTraces: true, bufferKiB: 16384 }],
  [['--buffer-size=512K'], { bufferKiB: 512 }],
  [['--buffer-size', '64'], { bufferKiB: 64 }],
])('%j is understood', (argv, request) => {
  expect(readRecordArguments(argv, 8192)).toMatchObject({ kind: 'record', request });
});

test.each([
  [['--buffer-size', '1G'], /64K to 64M/],
  [['--buffer-size', '128M'], /64 KiB to 64 MiB/],
  [['--duration', 'soon'], /as in 30s/],
  [['--duration', '0'], /as in 30s/],
  [['--exclude'], /modules to leave out/],
  [['--loud'], /--loud/],
  [['../vkms'], /letters, digits/],
  [['-o', ''], /-o needs a file/],
])('%j is not, and the reason is told', (argv, reason) => {
  const read = readRecordArguments(argv, 8192);
  expect(read.kind === 'misuse' ? read.reason : read.kind).toMatch(reason);
});
