import { expect, test } from 'vitest';
import { lookUpProcess, type ProcessFiles, realProcessFiles } from '../../../electron/host/capture/look-up-process.ts';
import { noteProcesses } from '../../../electron/host/capture/note-processes.ts';
import { printProcessNote } from '../../../electron/host/capture/print-process-note.ts';
import { readProcessNote } from '../../../shared/trace-text/read-process-note.ts';
import { createTraceReader } from '../../../shared/trace-text/trace-reader.ts';

const stat = (pid: number, comm: string, parent: number, flags = 4_194_304) =>
  `${pid} (${comm}) S ${parent} 1 1 0 -1 ${flags} 0`;

/** A machine where logind runs below systemd, and somebody's `mod) probe` below his shell. */
const machine: Readonly<Record<string, string>> = {
  '/proc/1/stat': stat(1, 'systemd', 0),
  '/proc/545/stat': stat(545, 'systemd-logind', 1),
  '/proc/545/status': 'Name:\tsystemd-logind\nTgid:\t545\nUid:\t0\t0\t0\t0\n',
  '/proc/545/cgroup': '0::/system.slice/systemd-logind.service\n',
  '/proc/545/exe': '/usr/lib/systemd/systemd-logind',
  '/proc/700/stat': stat(700, 'bash', 1),
  '/proc/812/stat': stat(812, 'mod) probe', 700),
  '/proc/812/status': 'Name:\tmod) probe\nTgid:\t810\nUid:\t1000\t1000\t1000\t1000\n',
  '/proc/30/stat': stat(30, 'kworker/0:1', 2, 0x0020_8040),
};
const files: ProcessFiles = { read: (path) => machine[path], follow: (path) => machine[path] };

const logind = '  systemd-logind-545     [000] .....   102.168297: module_get: vkms call_site=drm_stub_open refcnt=2\n';
const probe = '      mod) probe-812     [001] .....   102.200000: module_get: drm call_site=ref_module refcnt=2\n';
const kernel = '     kworker/0:1-30      [001] .....   102.300000: module_put: drm call_site=x refcnt=1\n';
const gone = '             cat-4000    [001] .....   102.400000: module_get: tun call_site=tun_chr_open refcnt=1\n';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const seen = (...pieces: string[]) => noteProcesses(files).see(pieces.map(bytes));
const read = (line: string) => readProcessNote(`# ${line}`, 7);

test('who a pid is, is looked up once: executable, parents, unit', () => {
  const notes = seen(logind + logind, logind);
  expect(notes.map(read)).toEqual([
    {
      pid: 545,
      process: 545,
      comm: 'systemd-logind',
      executable: '/usr/lib/systemd/systemd-logind',
      parents: [{ pid: 1, comm: 'systemd' }],
      cgroups: ['0::/system.slice/systemd-logind.service'],
      user: 0,
      line: 7,
    },
  ]);
});

test('a thread is told with its process, and a name may hold what it likes', () => {
  expect(seen(probe).map(read)).toMatchObject([
    {
      pid: 812,
      process: 810,
      comm: 'mod) probe',
      executable: '',
      parents: [
        { pid: 700, comm: 'bash' },
        { pid: 1, comm: 'systemd' },
      ],
    },
  ]);
});

test('of kernel threads and of who is gone there is nothing to note', () => {
  expect(seen(kernel + gone)).toEqual([]);
});

test.each([1, 7, 30, 64])('the same is noted when the text comes in pieces of %i bytes', (size) => {
  const text = `# a comment\n\n${logind}${' '.repeat(300)}\nCPU:1 [LOST 4711 EVENTS]\n${gone}${probe}=> frame\n${logind}`;
  const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size));
  expect(seen(...pieces)).toEqual(seen(text));
  expect(seen(text).map((note) => read(note)?.pid)).toEqual([545, 812]);
});

test('another name of the same pid is another look: a program that became another one', () => {
  expect(seen(logind, logind.replace('  systemd-logind', '           <...>'))).toHaveLength(2);
});

/** A machine on which pid 545 is given out again, and a clock. */
function reused() {
  const machineNow: Record<string, string> = { ...machine };
  const stats: string[] = [];
  const clock = { time: 0 };
  const living: ProcessFiles = {
    read(path) {
      if (path.endsWith('/545/stat')) stats.push(path);
      return machineNow[path];
    },
    follow: (path) => machineNow[path],
  };
  return { machineNow, stats, clock, notes: noteProcesses(living, () => clock.time) };
}

/** As `stat`, of a process that began at that tick. */
const statSince = (pid: number, comm: string, start: number) =>
  `${stat(pid, comm, 1)}${' 0'.repeat(11)} ${start} 2314240`;

test('a pid that was given out again is another look, also where the new process has the name of the old one', () => {
  const { machineNow, clock, notes } = reused();
  const look = () => notes.see([bytes(logind)]).map((note) => read(note)?.executable);
  machineNow['/proc/545/stat'] = statSince(545, 'systemd-logind', 4000);
  expect(look()).toEqual(['/usr/lib/systemd/systemd-logind']);
  clock.time = 5_000;
  expect(look()).toEqual([]);
  machineNow['/proc/545/stat'] = statSince(545, 'systemd-logind', 9000);
  machineNow['/proc/545/exe'] = '/tmp/systemd-logind';
  clock.time = 10_000;
  expect(look()).toEqual(['/tmp/systemd-logind']);
  delete machineNow['/proc/545/stat'];
  clock.time = 15_000;
  expect(look()).toEqual([]);
  machineNow['/proc/545/stat'] = statSince(545, 'systemd-logind', 9000);
  clock.time = 20_000;
  // The very one that was noted last.
  expect(look()).toEqual([]);
});

test('whether a pid is still that of the same process is asked once a second at most', () => {
  const { machineNow, stats, clock, notes } = reused();
  machineNow['/proc/545/stat'] = statSince(545, 'systemd-logind', 4000);
  for (; clock.time < 3_000; clock.time += 10) notes.see([bytes(logind.repeat(50))]);
  expect(stats.length).toBeLessThanOrEqual(4);
  expect(stats.length).toBeGreaterThanOrEqual(3);
});

test('what looks like no line of a trace is never looked up', () => {
  const asked: string[] = [];
  const watched = noteProcesses({ read: (path) => void asked.push(path), follow: () => undefined });
  for (const text of [
    '-545 \n',
    'x'.repeat(5000),
    '                -0      [000]\n',
    '                -99999999999 [0]\n',
    '                -12a    [000]\n',
    '0123456789abcdef-545\n\n\n\n\n\n',
  ]) {
    watched.see([bytes(text)]);
  }
  expect(asked).toEqual([]);
});

test('a storm of processes is not looked up for ever, and how many were passed over is known', () => {
  let time = 0;
  const slow: ProcessFiles = {
    read(path) {
      time += 1;
      return path.endsWith('stat') ? stat(1, 'x', 0) : '';
    },
    follow: () => '',
  };
  const notes = noteProcesses(slow, () => time);
  const text = Array.from({ length: 1000 }, (_, i) => logind.replace('-545 ', `-${String(i + 1).padEnd(4)}`)).join('');
  const found = notes.see([bytes(text)]);
  expect(found.length).toBeGreaterThan(10);
  expect(found.length).toBeLessThan(60);
  expect(found.length + notes.passedOver).toBe(1000);
});

test('of a storm of lines, only so many of each second are looked at, and the next second begins at a line', () => {
  let time = 0;
  const notes = noteProcesses(files, () => time);
  const storm = bytes(logind.repeat(1000));
  const cut = bytes(logind.slice(0, 30));
  for (let i = 0; i < 60; i++) notes.see([storm]);
  expect(notes.see([bytes(probe), cut])).toEqual([]);
  time = 1001;
  expect(notes.see([bytes(`-812   ${logind.slice(30)}${probe}`)]).map((note) => read(note)?.pid)).toEqual([812]);
});

test('this very process can be looked up by an ordinary user', () => {
  const note = lookUpProcess(process.pid, realProcessFiles);
  expect(note).toMatchObject({ pid: process.pid, process: process.pid, executable: process.execPath });
  expect(note?.parents[0]?.pid).toBe(process.ppid);
  expect(lookUpProcess(2, realProcessFiles)?.executable ?? '').toBe('');
});

test('names that would break a line are written so that they do not, and read again as they were', () => {
  const note = {
    pid: 1,
    process: 1,
    comm: 'a\nb\u2028"\\',
    executable: '/tmp/\u{1f980}\r\n# process: {}',
    parents: [{ pid: 2, comm: '\x1b[2J' }],
    cgroups: ['0::/a'],
    user: 1000,
  };
  const line = printProcessNote(note);
  expect(line).toMatch(/^[\x20-\x7e]+$/);
  expect(read(line)).toEqual({ ...note, line: 7 });
});

test.each([
  ['no JSON', '{'],
  ['no object', '7'],
  ['nothing', 'null'],
  ['a pid that is none', '{"pid":-1}'],
  ['a name that is too long', JSON.stringify({ pid: 1, process: 1, comm: 'x'.repeat(100) })],
  [
    'a parent that is none',
    JSON.stringify({ pid: 1, process: 1, comm: '', executable: '', parents: [null], cgroups: [], user: 0 }),
  ],
  [
    'too many cgroups',
    JSON.stringify({ pid: 1, process: 1, comm: '', executable: '', parents: [], cgroups: Array(9).fill(''), user: 0 }),
  ],
])('a note with %s is a comment like any other', (_what, json) => {
  expect(readProcessNote(`# process: ${json}`, 1)).toBeUndefined();
});

test('a task that the kernel has no name for is named by what was looked up, and marked as inferred', () => {
  const nameless = logind.replace('  systemd-logind', '           <...>');
  const [note] = seen(nameless);
  const reader = createTraceReader();
  reader.push(bytes(`# modshark recording 1\n${nameless}# ${note}\n${nameless.replace('102.1', '102.2')}`));
  const outcome = reader.finish();
  if (!outcome.ok) throw new Error(outcome.problem.why);
  const { table, processes, lines } = outcome.recording;
  expect([0, 1].map((row) => table.tasks[table.task[row]!]?.comm)).toEqual(['systemd-logind', 'systemd-logind']);
  expect([...table.flags]).toEqual([1, 1]);
  expect(processes).toHaveLength(1);
  expect(lines).toMatchObject({ events: 2, headers: 2, rejected: 0 });
});

test('a suspend stands at the last event before it, and is remarked', () => {
  const reader = createTraceReader();
  const sleep = '# the machine slept for 3600.4 s until here\n';
  reader.push(bytes(`# modshark recording 1\n${logind}${probe}${sleep}${kernel}`));
  const outcome = reader.finish();
  if (!outcome.ok) throw new Error(outcome.problem.why);
  const { sleeps, notices, table, lines } = outcome.recording;
  expect(sleeps).toEqual([{ time: table.time[1], seconds: 3600.4 }]);
  expect(notices).toContain('The machine slept for 3600 s while this was recorded.');
  expect(lines).toMatchObject({ events: 3, headers: 2, rejected: 0 });
});
