import { readdir, readFile, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createCaptureSession } from '../../../electron/host/capture/create-capture-session.ts';
import { createSpoolFolder } from '../../../electron/host/capture/spool-folder.ts';
import type { Problem } from '../../../shared/problem.ts';
import { createTraceReader } from '../../../shared/trace-text/trace-reader.ts';
import { vkmsRecording } from '../../support/project-paths.ts';
import { everything, type Step, scriptedCommand, scriptedSession } from '../../support/script-capture.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const get =
  '          insmod-154     [001] .....     9.228660: module_get: testmod call_site=do_init_module refcnt=2\n';
const put =
  '          insmod-154     [001] .....     9.228663: module_put: testmod call_site=do_init_module refcnt=1\n';
const lost = 'CPU:1 [LOST 4711 EVENTS]\n';
const hello: Step = { hello: {} };
const stopped: readonly Step[] = [{ until: 'stop' }, { bye: ['stop', 'removed'] }];

function read(text: string) {
  const reader = createTraceReader();
  reader.push(Buffer.from(text, 'latin1'));
  const outcome = reader.finish();
  if (!outcome.ok) throw new Error(outcome.problem.why);
  return outcome;
}

async function readText(path: string | undefined): Promise<string> {
  return readFile(path ?? 'nothing was kept', 'latin1');
}

test('a recording is a file that people, grep and ModShark can read, with the kernel’s text word for word', async () => {
  const { session } = await scriptedSession([
    hello,
    { modules: 'drm 655360 5 vkms, Live 0xffffffffc0a00000\n', when: 0 },
    { trace: get },
    { trace: lost },
    { trace: put },
    { counts: [[1, 0, 4700, 11, 0, 2]] },
    { until: 'stop' },
    { modules: 'drm 655360 4 - Live 0xffffffffc0a00000 (OE)\n', when: 1 },
    { bye: ['stop', 'removed'] },
  ]);
  await session.started;
  const outcome = await session.stop();
  expect(outcome).toMatchObject({
    end: 'stopped',
    problem: undefined,
    progress: { state: 'ended', events: 2, lost: 4711 },
  });
  const text = await readText(outcome.path);
  const lines = text.split('\n');
  expect(lines.filter((line) => !line.startsWith('#')).join('\n')).toBe(`${get}${lost}${put}`);
  expect(lines).toEqual(
    expect.arrayContaining([
      '# kernel: 6.1.0-scripted',
      '# clock: mono',
      '# gets and puts of: all modules',
      '# module at start: drm 655360 5 vkms, Live',
      '# module at end: drm 655360 4 - Live (OE)',
      '# ended: stopped',
      '# counted by the kernel: read 2, lost 4711, buffer erased 0 times',
      '# counted on CPU 1: read 2, overrun 4700, commit overrun 11, dropped 0',
    ]),
  );
  const { recording } = read(text);
  expect(recording.table.length).toBe(2);
  expect(recording.lines.rejected).toBe(0);
  expect(recording.table.modules).toEqual(['testmod']);
});

test('a whole recording comes out byte for byte, and only its owner may read it', async () => {
  const { session } = await scriptedSession([hello, { file: vkmsRecording, repeat: 3 }, ...stopped]);
  await session.started;
  const { path } = await session.stop();
  expect((await stat(path!)).mode & 0o777).toBe(0o600);
  const body = (await readText(path)).replace(/^(# .*\n)+/, '').replace(/(# .*\n)+$/, '');
  expect(body).toBe((await readFile(vkmsRecording, 'latin1')).repeat(3));
});

test('notes never break a line of the kernel, which may come in pieces; one that never becomes whole is no event', async () => {
  const { session } = await scriptedSession([
    hello,
    { trace: get.slice(0, 40) },
    { until: 'clear' },
    { trace: get.slice(40) },
    { trace: put.slice(0, 30) },
    ...stopped,
  ]);
  await session.started;
  session.clear();
  const { path } = await session.stop();
  const text = await readText(path);
  const counted = '# counted by the kernel: read 1, lost 0, buffer erased 0 times\n';
  expect(text).toContain(
    `\n${get}# the buffer was cleared here\n${counted}# a line that broke off: ${put.slice(0, 30)}\n# ended: stopped\n`,
  );
});

test('what the kernel has counted stands behind what it counted, once each time, and proves that all is there', async () => {
  const { session } = await scriptedSession([
    hello,
    { trace: get },
    { counts: [[1, 0, 0, 0, 0, 1]] },
    { trace: put.slice(0, 30) },
    { counts: [[1, 1, 0, 0, 0, 2]] },
    { counts: [[1, 0, 0, 0, 0, 2]] },
    { trace: put.slice(30) },
    ...stopped,
  ]);
  await session.started;
  const { path } = await session.stop();
  const text = await readText(path);
  const told = (read: number) => `# counted by the kernel: read ${read}, lost 0, buffer erased 0 times\n`;
  expect(text).toContain(`\n${get}${told(1)}${put}${told(2)}# ended: stopped\n`);
  const { recording } = read(text);
  expect(recording.table.countedRows).toBe(2);
  expect(recording.completeness).toBe('Nothing was lost: the kernel counted 2 events, and all are here.');
});

test('nothing the helper says can break out of its line of the header', async () => {
  const { session } = await scriptedSession([{ hello: { kernel: '6.1\x1b[2J\r\xff' } }, ...stopped]);
  await session.started;
  const { path } = await session.stop();
  expect(await readText(path)).toContain('# kernel: 6.1?[2J??\n');
});

test('who follows gets the file as it grows, at his own pace, to its last byte', async () => {
  const { session } = await scriptedSession([hello, { trace: get }, { until: 'clear' }, { trace: put }, ...stopped]);
  let seen = '';
  for await (const chunk of session.follow()) {
    const before = seen;
    seen += Buffer.from(chunk).toString('latin1');
    if (!before.includes(get) && seen.includes(get)) session.clear();
    if (seen.includes(put)) void session.stop();
  }
  const { path } = await session.ended;
  expect(seen).toBe(await readText(path));
  expect(seen).toContain('# ended: stopped');
});

test('who follows may leave, and the recording goes on', async () => {
  const { session } = await scriptedSession([hello, { trace: get }, ...stopped]);
  const leave = new AbortController();
  for await (const chunk of session.follow(leave.signal)) {
    if (Buffer.from(chunk).includes('module_get')) leave.abort();
  }
  expect(session.progress.state).toBe('recording');
  expect((await session.stop()).end).toBe('stopped');
});

test('rate, losses and erasures are told as the kernel counts them', async () => {
  const { session } = await scriptedSession([
    hello,
    { counts: [[0, 5, 0, 0, 0, 100]] },
    { counts: [[0, 5, 20, 0, 0, 400]] },
    { counts: [[0, 0, 0, 0, 0, 3]] },
    ...stopped,
  ]);
  const notices: Problem[] = [];
  const seen: number[][] = [];
  session.onNotice((notice) => notices.push(notice));
  session.onProgress(({ events, lost: gone, erasures }) => seen.push([events, gone, erasures]));
  await session.started;
  const { progress } = await session.stop();
  expect(progress).toMatchObject({ events: 403, lost: 20, erasures: 1 });
  expect(seen).toEqual(
    expect.arrayContaining([
      [100, 0, 0],
      [400, 20, 0],
      [403, 20, 1],
    ]),
  );
  expect(notices.map(({ what }) => what)).toContain('The kernel erased the buffer.');
});

test('clearing is no erasure to be told of; where the kernel refuses it, that is told and the recording goes on', async () => {
  const { session } = await scriptedSession([
    hello,
    { counts: [[0, 5, 7, 0, 0, 100]] },
    { until: 'clear' },
    { counts: [[0, 0, 0, 0, 0, 1]] },
    { refuse: ['clear-failed', 'The buffer could not be cleared: no.'] },
    ...stopped,
  ]);
  const notices: Problem[] = [];
  session.onNotice((notice) => notices.push(notice));
  await session.started;
  session.clear();
  const outcome = await session.stop();
  expect(outcome).toMatchObject({ end: 'stopped', progress: { events: 101, lost: 7, erasures: 1 } });
  expect(notices.map(({ what }) => what)).toEqual(['The buffer was not cleared.']);
});

test('an instance that somebody switched off is told', async () => {
  const { session } = await scriptedSession([hello, { counts: [], on: 0 }, ...stopped]);
  const notice = await new Promise<Problem>((resolve) => session.onNotice(resolve));
  expect(notice.what).toBe('Nothing is recorded at the moment.');
  const { end, path } = await session.stop();
  expect(end).toBe('stopped');
  // What happened meanwhile no count of the kernel's tells: none proves anything any more.
  expect(await readText(path)).toMatch(/^# counted by the kernel: .*, switched off meanwhile$/m);
});

const early: [story: string, steps: readonly Step[], end: string, why: RegExp][] = [
  ['killed without a word', [hello, { trace: get }, { kill: 'SIGKILL' }], 'killed', /killed, or crashed/],
  ['ended without a last frame', [hello, { trace: get }, { exit: 0 }], 'killed', /killed, or crashed/],
  ['its pump killed', [hello, { trace: get }, { bye: ['pump-killed', 'removed'] }], 'failed', /process that copies/],
  [
    'the trace unreadable, as when tracefs is unmounted',
    [hello, { trace: get }, { refuse: ['read-failed', 'It said no.'] }, { bye: ['failed', 'left'] }],
    'failed',
    /could not be read any further. It said: It said no/,
  ],
  ['a frame of no kind', [hello, { trace: get }, { raw: 'WgAAAA==' }, { until: 'stop' }], 'garbled', /type "Z"/],
  ['a frame that is too long', [hello, { trace: get }, { raw: 'VP///w==' }, { until: 'stop' }], 'garbled', /16777219/],
  ['half a frame', [hello, { trace: get }, { raw: 'VAAAEEFB' }, { exit: 0 }], 'killed', /killed, or crashed/],
];

test.each(early)('what was recorded is kept: %s', async (_story, steps, end, why) => {
  const { session, spools } = await scriptedSession(steps);
  const outcome = await session.ended;
  expect(outcome.end).toBe(end);
  expect(outcome.problem?.why).toMatch(why);
  expect(outcome.problem?.remedy).not.toBe('');
  const text = await readText(outcome.path);
  expect(text).toContain(get);
  expect(text).toContain(`# ended: ${end}: `);
  expect(await readdir(spools.path)).toHaveLength(1);
});

const words = (text: string, status: number): readonly Step[] => [{ stderr: text }, { exit: status }];
const executing = 'Error executing command as another user: ';
const refused: [story: string, way: 'root' | 'pkexec' | 'sudo', steps: readonly Step[], end: string, why: RegExp][] = [
  ['dismissed', 'pkexec', words(`${executing}Request dismissed\n`, 126), 'dismissed', /was dismissed/],
  [
    'denied',
    'pkexec',
    words(`${executing}Not authorized\n\nThis incident has been reported.\n`, 127),
    'denied',
    /password was wrong/,
  ],
  ['no agent', 'pkexec', words(`${executing}No authentication agent found.\n`, 127), 'no-agent', /Nobody is there/],
  [
    'no polkit',
    'pkexec',
    words('Error getting authority: Error initializing authority: Could not connect\n', 127),
    'not-started',
    /polkit does not answer/,
  ],
  ['no helper', 'pkexec', words('Error accessing /x: No such file or directory\n', 127), 'not-started', /not where/],
  ['not set-uid', 'pkexec', words('pkexec must be setuid root\n', 127), 'not-started', /cannot become root/],
  ['a password for sudo', 'sudo', words('sudo: a password is required\n', 1), 'denied', /sudo wants a password/],
  ['a crash', 'root', words('oh\x1b[2J\n', 3), 'killed', /status 3 before the recording began. It said: oh\?\[2J/],
  ['a signal', 'root', [{ kill: 'SIGSEGV' }], 'killed', /by SIGSEGV/],
  [
    'a refusal',
    'pkexec',
    [{ refuse: ['no-tracefs', 'tracefs is mounted nowhere.'] }, { bye: ['refused', 'none'] }, { exit: 127 }],
    'refused',
    /tracefs is not mounted/,
  ],
  ['no frame at all', 'root', [{ raw: 'SGVsbG8sIHdvcmxkISEh' }, { until: 'stop' }], 'garbled', /bytes/],
  ['trace before hello', 'root', [{ trace: get }, { exit: 0 }], 'killed', /before the recording began/],
];

test.each(refused)('nothing is kept where nothing began: %s', async (_story, way, steps, end, why) => {
  const { session, spools } = await scriptedSession(steps, way);
  await session.started;
  const outcome = await session.ended;
  expect(outcome).toMatchObject({ end, path: undefined, progress: { state: 'ended', events: 0, milliseconds: 0 } });
  expect(outcome.problem?.why).toMatch(why);
  expect(await readdir(spools.path)).toEqual([]);
});

test('a program that is not there is told as that', async () => {
  const spools = createSpoolFolder(await temporaryFolder());
  const command = { way: 'pkexec', file: '/nowhere/pkexec', argv: [] } as const;
  const created = await createCaptureSession({ request: everything, command, spools });
  if (!created.ok) throw new Error(created.problem.why);
  const outcome = await created.session.ended;
  expect(outcome).toMatchObject({ end: 'not-started', problem: { why: expect.stringMatching(/no such program/) } });
});

test('stopping before anybody answered cancels, and leaves nothing', async () => {
  const { session, spools } = await scriptedSession([{ until: 'clear' }], 'pkexec');
  const outcome = await session.stop();
  expect(outcome).toMatchObject({ end: 'cancelled', problem: undefined, path: undefined });
  expect(await readdir(spools.path)).toEqual([]);
});

test('what cannot be asked for is refused before anybody is asked for a password', async () => {
  const request = { ...everything, modules: { which: 'only', names: ['../x'] } } as const;
  const spools = createSpoolFolder(await temporaryFolder());
  const created = await createCaptureSession({ request, command: scriptedCommand([]), spools });
  expect(created).toMatchObject({ ok: false, problem: { why: 'A name is not that of a module.' } });
});

test('a folder that takes no file is told before anybody is asked for a password', async () => {
  const spools = createSpoolFolder(vkmsRecording); // a file where a folder should be
  const created = await createCaptureSession({ request: everything, command: scriptedCommand([]), spools });
  expect(created).toMatchObject({ ok: false, problem: { what: 'Nothing was recorded.' } });
});
