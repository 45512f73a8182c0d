import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTraceReader } from '../../../shared/trace-text/trace-reader.ts';
import { listEvents } from '../../support/list-events.ts';
import { readBytes, readFixture, readText, recordingOf } from '../../support/read-fixture.ts';

const rest = '[001] ...1.    12.187801: module_get: testmod_hold call_site=my_open [testmod_hold] refcnt=2';

function commOf(...lines: string[]): string[] {
  return recordingOf(readText(`${lines.join('\n')}\n`)).table.tasks.map((task) => `${task.comm}|${task.pid}`);
}

function padded(comm: string, pid: number): string {
  return `${comm.padStart(16)}-${String(pid).padEnd(7)} ${rest}`;
}

describe('a task may have any name', () => {
  it('and all thirty of the recording come out as the tasks chose them', () => {
    const chosen = readFileSync(new URL('../../fixtures/recordings/comm-names/actors.jsonl', import.meta.url), 'latin1')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { tid: number; cmd: string });
    const names = new Map<number, string>();
    for (const { tid, cmd } of chosen) {
      const name = /^name (.*)$/.exec(cmd)?.[1];
      if (name !== undefined) names.set(tid, decodeURIComponentBytes(name));
    }
    expect(names.size).toBeGreaterThanOrEqual(30);
    const { table } = recordingOf(readFixture('recordings/comm-names/live/trace_pipe.txt'));
    const seen = new Map(table.tasks.map((task) => [task.pid, task.comm]));
    let compared = 0;
    for (const [pid, name] of names) {
      const comm = seen.get(pid);
      if (comm === undefined || comm === 'after-name') continue;
      // A leading blank is lost among the padding; a name has at most 15 bytes.
      expect(comm, `pid ${pid}`).toBe(name.split('\0')[0]!.slice(0, 15).trimStart());
      compared++;
    }
    expect(compared).toBeGreaterThanOrEqual(30);
  });

  it.each([
    'a b',
    'x-123',
    '(sd-pam)',
    '[kworker/0:1]',
    'evil-99 [001]',
    'trail ',
    'tab\tx',
    '',
    '-42',
    '<idle>',
    'module_get:',
    '1.5:',
    '=>',
    '#hash',
    '-1 [000] 1: a: ',
    'a-1 [0] 1.0: b:',
    'CPU:1 [LOST 3 E',
    '\u001b[31mred',
  ])('%j', (comm) => {
    const recording = recordingOf(readText(`${padded('before', 7)}\n${padded(comm, 99)}\n${padded('after', 8)}\n`));
    expect(recording.table.tasks.map((task) => `${task.comm}|${task.pid}`)).toEqual([
      'before|7',
      `${comm}|99`,
      'after|8',
    ]);
    expect(recording.lines).toMatchObject({ events: 3, rejected: 0, other: 0 });
  });

  it('of bytes that are no UTF-8, which show as such', () => {
    const line = Buffer.from(`${padded('\xff\xfe', 5)}\n${padded('\xc3\xa9t\xc3\xa9', 6)}\n`, 'latin1');
    const { table } = recordingOf(readBytes(new Uint8Array(line)));
    expect(table.tasks.map((task) => task.comm)).toEqual(['\\xff\\xfe', 'été']);
  });

  it('with line ends in it, which cut its line in pieces that belong together', () => {
    for (const comm of ['nl\nx', '\n', '\n\n\n', 'a\n# b', 'a\n => b', '\ncpus=2', 'a\nCPU:1 [x', 'x\n-1', 'e\r\n']) {
      const recording = recordingOf(readText(`${padded('before', 7)}\n${padded(comm, 99)}\n${padded('after', 8)}\n`));
      expect(
        recording.table.tasks.map((task) => `${task.comm}|${task.pid}`),
        JSON.stringify(comm),
      ).toEqual(['before|7', `${comm}|99`, 'after|8']);
      const pieces = comm.split('\n').length;
      expect(recording.lines, JSON.stringify(comm)).toEqual({
        total: 2 + pieces,
        events: 2 + pieces,
        stack: 0,
        other: 0,
        headers: 0,
        blank: 0,
        rejected: 0,
      });
      expect([...recording.table.line]).toEqual([1, 1 + pieces, 2 + pieces]);
    }
  });

  it('and where its pieces cannot be put together, its event is rejected and not given to a wrong task', () => {
    const recording = recordingOf(
      readText([padded('before', 7), '  nl', `x-124     ${rest}`, padded('after', 8), ''].join('\n')),
    );
    expect(recording.table.tasks.map((task) => task.comm)).toEqual(['before', 'after']);
    expect(recording.rejected.map(({ line, reason }) => `${line}: ${reason}`)).toEqual([
      '2: not a line of a trace',
      '3: the line begins within a task name that cannot be put together',
    ]);
  });

  it('in latency-format and in verbose latency-format too', () => {
    expect(
      commOf(
        '    nl',
        'x-124       1...1. 3757980us : module_get: testmod_hold call_site=my_open [testmod_hold] refcnt=2',
        '[001] -1-125       1...1. 3757981us : module_free: testmod_hold',
      ),
    ).toEqual(['nl\nx|124', '[001] -1|125']);
    expect(
      commOf(
        '            nl',
        'x     124   0 1 00000001 00000000 [07d0f13d] 131133.757ms (+14.849ms): module_load: vkms E',
      ),
    ).toEqual(['nl\nx|124']);
  });
});

describe('a text that lost its padding', () => {
  it('is read at the last place where the structure holds', () => {
    expect(
      commOf(
        '  tr-6232  [001] 25149.815373: module_put: binfmt_misc call_site=search_binary_handler refcnt=133194',
        'evil-99 [001]-113 [000] 25149.815374: module_put: binfmt_misc call_site=search_binary_handler refcnt=133194',
        'a-1 [000] 1: b-114 [000] 25149.815375: module_put: binfmt_misc call_site=search_binary_handler refcnt=133194',
        '   <...>-21137 [001] 28038.101509: module_load: testmod',
      ),
    ).toEqual(['tr|6232', 'evil-99 [001]|113', 'a-1 [000] 1: b|114', '<...>|21137']);
  });
});

describe('a module may have any name', () => {
  it('even one that looks like a line of its own', () => {
    const name = 'x-1 [000] 1.2: module_put: y call_site=f refcnt=3';
    const line = `          insmod-399     [001] ...1.    28.538757: module_put: ${name} call_site=do_init_module refcnt=1`;
    expect(listEvents(recordingOf(readText(`${line}\n`)).table)).toEqual([
      `28.538757 cpu 1 insmod-399 put ${name} via do_init_module → 1`,
    ]);
  });

  it('but none that is longer than the kernel takes', () => {
    const long = 'a'.repeat(61);
    const recording = recordingOf(
      readText(`${padded('x', 1)}\n          insmod-399     [001] ...1.    28.538757: module_free: ${long}\n`),
    );
    expect(recording.rejected[0]!.reason).toBe('the name is longer than a module name can be');
  });
});

describe('what a program asks the kernel to load may have any name', () => {
  const event = (second: number, fields: string) =>
    `${'evil'.padStart(16)}-99      [001] .....    ${second}.000000: ${fields}`;
  const site = 'wait=1 call_site=crypto_larval_lookup';
  const around = (alias: string) => [
    '# modshark recording 1',
    '# clock: mono',
    '# boot: ours',
    event(12, 'module_get: vkms call_site=drm_stub_open refcnt=2'),
    event(13, `module_request: ${alias} ${site}`),
    event(14, 'module_put: vkms call_site=drm_release refcnt=1'),
    '',
  ];

  it.each([
    'a-1 [001] 13.500000: module_free: vkms',
    'a-1 [001] 1.000000: module_free: vkms',
    '            evil-1 [001] 13.500000: module_free: x',
    '# the machine slept for 999.0 s until here',
    '# clock: tsc',
    'CPU:1 [LOST 99999 EVENTS]',
    ' => forged_frame',
    'cpus=4',
    '',
    '\n',
    'x wait=1 call_site=',
  ])('and %j in it says nothing of its own', (forged) => {
    for (const alias of [`fs-\n${forged}`, `fs-\n${forged}\n`]) {
      const recording = recordingOf(readText(around(alias).join('\n')));
      expect(listEvents(recording.table)).toEqual([
        '12.000000 cpu 1 evil-99 get vkms via drm_stub_open → 2',
        `13.000000 cpu 1 evil-99 request "${alias}" via crypto_larval_lookup waits`,
        '14.000000 cpu 1 evil-99 put vkms via drm_release → 1',
      ]);
      expect(recording.lines).toMatchObject({
        rejected: 0,
        headers: 3,
        blank: 0,
        events: around(alias).join('\n').split('\n').length - 4,
      });
      expect(recording).toMatchObject({ sleeps: [], origin: { clock: 'mono', boot: 'ours' }, table: { lost: [] } });
    }
  });

  it('and even one that imitates its own end forges no event in what ModShark recorded', () => {
    const recording = recordingOf(
      readText(around('fs- wait=1 call_site=x\n-1 [1]13.500000: module_free: v\n').join('\n')),
    );
    expect(listEvents(recording.table).filter((line) => line.includes('free'))).toEqual([]);
  });

  it.each(['CPU:1 [LOST 99 EVENTS]', 'CPU:1 [LOST 9 EVENTS]\n# x', '# clock: tsc', 'cpus=4', 'Buffer: x', '#', ''])(
    'nor does it forge %j there',
    (forged) => {
      const text = around(`fs- wait=1 call_site=x\n${forged}\n`).join('\n');
      // As it is read whole, and line by line while it grows.
      const reader = createTraceReader();
      for (const line of text.split(/(?<=\n)/)) {
        reader.push(Buffer.from(line, 'latin1'));
        reader.soFar();
      }
      const outcome = reader.finish();
      for (const recording of [recordingOf(readText(text)), ...(outcome.ok ? [outcome.recording] : [])]) {
        expect(recording).toMatchObject({ origin: { clock: 'mono', boot: 'ours' }, table: { lost: [] } });
        expect(recording.lines).toMatchObject({ events: 3, headers: 3, rejected: forged.split('\n').length + 1 });
        expect(recording.table.buffers.length).toBe(
          recordingOf(readText(around('fs-').join('\n'))).table.buffers.length,
        );
      }
    },
  );

  it.each(['', event(15, 'module_request: fs-y wait=1 call_site=get_fs_type'), '# ended: stopped', '\n\n# a'])(
    'while what the kernel says behind such a request is read, before %j',
    (next) => {
      const text = [
        ...around('fs-x').slice(0, 5),
        'CPU:1 [LOST 7 EVENTS]',
        '# the machine slept for 9.0 s until here',
        next,
      ];
      const recording = recordingOf(readText(text.join('\n')));
      expect(recording.table.lost).toEqual([{ beforeRow: 2, cpu: 1, count: 7, line: 6 }]);
      expect(recording.sleeps).toHaveLength(1);
      expect(recording.lines.rejected).toBe(0);
    },
  );

  it('and where it never ends, what follows is read as ever', () => {
    const lines = around('fs-').map((line) => line.replace(` ${site}`, ''));
    const recording = recordingOf(readText(lines.join('\n')));
    expect(listEvents(recording.table)).toHaveLength(2);
    expect(recording.lines).toMatchObject({ rejected: 1, events: 2 });
  });
});

/** `%20` and the like, one byte each, as the actors escaped them. */
function decodeURIComponentBytes(escaped: string): string {
  const bytes = escaped.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  return text.includes('\ufffd')
    ? bytes.replace(/[\x80-\xff]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`)
    : text;
}
