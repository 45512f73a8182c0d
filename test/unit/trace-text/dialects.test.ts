import { describe, expect, it } from 'vitest';
import { listEvents } from '../../support/list-events.ts';
import { readText, recordingOf } from '../../support/read-fixture.ts';

function events(...lines: string[]): string[] {
  return listEvents(recordingOf(readText(`${lines.join('\n')}\n`)).table);
}

function dialect(...lines: string[]): string {
  return recordingOf(readText(`${lines.join('\n')}\n`)).dialect;
}

const got = 'module_get: vkms call_site=drm_stub_open [drm] refcnt=2';
const told = 'get vkms via drm_stub_open [drm] → 2';

describe('tracefs text', () => {
  it('of a 2.6.38 kernel has no flags column', () => {
    const lines = [
      '# tracer: nop',
      '          insmod-21137 [001] 28038.101509: module_load: testmod',
      '          insmod-21137 [001] 28038.103904: module_put: testmod call_site=sys_init_module refcnt=2',
    ];
    expect(events(...lines)).toEqual([
      '28038.101509 cpu 1 insmod-21137 load testmod',
      '28038.103904 cpu 1 insmod-21137 put testmod via sys_init_module → 2',
    ]);
    expect(dialect(...lines)).toBe('trace, no flags column');
  });

  it.each([
    ['4', '...1'],
    ['5', '...1.'],
    ['7', '....1..'],
    ['8', 'd..h1..1'],
  ])('has %s flag characters', (width, flags) => {
    const line = `  systemd-logind-545     [000] ${flags}   102.168297: ${got}`;
    expect(events(line)).toEqual([`102.168297 cpu 0 systemd-logind-545 ${told}`]);
    expect(dialect(line)).toBe(`trace_pipe, ${width} flag characters`);
  });

  it('has the thread group with option record-tgid, or dashes where it is not known', () => {
    const lines = [
      `  systemd-logind-545     (    540) [000] ...1.   102.168297: ${got}`,
      `            cat-546     (-------) [001] ...1.   102.168298: module_free: vkms`,
    ];
    expect(events(...lines)).toEqual([
      `102.168297 cpu 0 systemd-logind-545(540) ${told}`,
      '102.168298 cpu 1 cat-546 free vkms',
    ]);
    expect(dialect(...lines)).toBe('trace_pipe, 5 flag characters, tgid');
  });

  it('has bare numbers with the clocks that count no seconds', () => {
    const lines = [
      '        modprobe-166     [000] .N...  26838040883: module_load: drm ',
      '        modprobe-166     [000] .N.1.  26846876559: module_put: drm call_site=do_init_module refcnt=1',
    ];
    expect(events(...lines)).toEqual([
      '26838040883 cpu 0 modprobe-166 load drm',
      '26846876559 cpu 0 modprobe-166 put drm via do_init_module → 1',
    ]);
    expect(recordingOf(readText(`${lines.join('\n')}\n`)).table.clock).toEqual({
      unit: 'ticks',
      digits: 0,
      start: 26838040883n,
    });
  });

  it('keeps every digit of a cycle counter that no double holds', () => {
    expect(
      events(
        '        modprobe-166     [000] .N... 18446744073709551000: module_load: drm ',
        '        modprobe-166     [000] .N... 18446744073709551615: module_free: drm',
      ),
    ).toEqual(['18446744073709551000 cpu 0 modprobe-166 load drm', '18446744073709551615 cpu 0 modprobe-166 free drm']);
  });

  it('cuts names and counts microseconds with option latency-format', () => {
    const lines = [
      '# tracer: nop',
      'systemd--545       0...1. 102168297us*: module_get: vkms call_site=drm_stub_open [drm] refcnt=2',
      '  insmod-150       1.N... 102170571us : module_load: testmod OE',
    ];
    expect(events(...lines)).toEqual([
      `102.168297 cpu 0 systemd--545 ${told}`,
      '102.170571 cpu 1 insmod-150 load testmod "OE"',
    ]);
    expect(dialect(...lines)).toBe('trace, latency-format, 5 flag characters');
  });

  it('counts milliseconds with the options latency-format and verbose', () => {
    const line =
      '        modprobe     629   0 1 00000001 00000000 [07d0f13d] 131133.757ms (+14.849ms): module_load: vkms E';
    expect(events(line)).toEqual(['131.133757 cpu 0 modprobe-629 load vkms "E"']);
    expect(dialect(line)).toBe('trace_pipe, latency-format, verbose');
  });
});

describe('trace-cmd report', () => {
  it('pads event names', () => {
    const lines = [
      'cpus=1',
      '        modprobe-1687  [000]   102.001424: module_load: sysimgblt ',
      '        modprobe-1687  [000]   102.001519: module_put:  sysimgblt call_site=do_init_module refcnt=1',
    ];
    expect(events(...lines)).toEqual([
      '102.001424 cpu 0 modprobe-1687 load sysimgblt',
      '102.001519 cpu 0 modprobe-1687 put sysimgblt via do_init_module → 1',
    ]);
    expect(dialect(...lines)).toBe('trace-cmd report');
  });

  it.each([
    [
      '-t',
      '  systemd-logind-97    [001]    66.851946790: module_get:           drm call_site=exact_lock refcnt=6',
      '66.851946790',
    ],
    [
      '-l',
      'systemd--97      1...1.    66.851947: module_get:           drm call_site=exact_lock refcnt=6',
      '66.851947',
    ],
    [
      '-R',
      '  systemd-logind-97    [001]    66.851947: module_get:            ip=exact_lock refcnt=6 name=drm',
      '66.851947',
    ],
    [
      '--ts-diff',
      '  systemd-logind-97    [001]    66.851947: (+719)   module_get:           drm call_site=exact_lock refcnt=6',
      '66.851947',
    ],
    [
      'of 3.3 with flags',
      '  systemd-logind-97    [001] d..2.    66.851947: module_get:           drm call_site=exact_lock refcnt=6',
      '66.851947',
    ],
    [
      '--raw-ts, glued',
      '  systemd-logind-97    [001]66851946790123: module_get:           drm call_site=exact_lock refcnt=6',
      '66851946790123',
    ],
    [
      '--raw-ts with flags, glued',
      '  systemd-logind-97    [001] d..2.66851946790123: module_get:           drm call_site=exact_lock refcnt=6',
      '66851946790123',
    ],
  ])('%s', (form, line, stamp) => {
    const comm = form === '-l' ? 'systemd-' : 'systemd-logind';
    expect(events('cpus=2', line)).toEqual([`${stamp} cpu 1 ${comm}-97 get drm via exact_lock → 6`]);
  });

  it('-R has taints as a number, names last, and the wait flag of a request', () => {
    expect(
      events(
        '          insmod-399   [001]    28.521206: module_load:           taints=12289 name=nasty na:me [x]',
        '          insmod-399   [001]    28.521207: module_load:           taints=32768 name=livepatch_x',
        '          insmod-399   [001]    28.538644: module_put:            ip=do_init_module refcnt=1 name=nasty na:me [x]',
        '           rmmod-419   [000]    30.126652: module_free:           name=nasty na:me [x]',
        '           mount-420   [000]    30.126653: module_request:        ip=get_fs_type wait=1 name=fs-vfat',
      ),
    ).toEqual([
      '28.521206 cpu 1 insmod-399 load nasty na:me [x] "POE"',
      '28.521207 cpu 1 insmod-399 load livepatch_x "0x8000"',
      '28.538644 cpu 1 insmod-399 put nasty na:me [x] via do_init_module → 1',
      '30.126652 cpu 0 rmmod-419 free nasty na:me [x]',
      '30.126653 cpu 0 mount-420 request "fs-vfat" via get_fs_type waits',
    ]);
  });

  it('of several buffers or files names them before the task, from the first line on', () => {
    expect(
      events(
        'cpus=2',
        'kslite:   systemd-logind-97    [001]    66.851994: module_get:           drm call_site=exact_lock refcnt=6',
        '                   a b-98    [001]    66.852021: module_get:           drm call_site=chrdev_open refcnt=7',
        'kslite:                sh-99    [001]    66.852023: module_get:           drm call_site=chrdev_open refcnt=7',
      ),
    ).toEqual([
      'kslite: 66.851994 cpu 1 systemd-logind-97 get drm via exact_lock → 6',
      '66.852021 cpu 1 a b-98 get drm via chrdev_open → 7',
      'kslite: 66.852023 cpu 1 sh-99 get drm via chrdev_open → 7',
    ]);
  });

  it('names the buffer before a mark of loss, and not again before the event', () => {
    const recording = recordingOf(
      readText(
        [
          'cpus=2',
          'kslite:   systemd-logind-97    [001]    66.851994: module_get:           drm call_site=exact_lock refcnt=6',
          'kslite: CPU:1 [3 EVENTS DROPPED]',
          '  systemd-logind-97    [001]    66.852023: module_get:           drm call_site=chrdev_open refcnt=9',
          '',
        ].join('\n'),
      ),
    );
    expect(listEvents(recording.table)).toEqual([
      'kslite: 66.851994 cpu 1 systemd-logind-97 get drm via exact_lock → 6',
      'kslite: 66.852023 cpu 1 systemd-logind-97 get drm via chrdev_open → 9',
    ]);
    expect(recording.table.lost).toEqual([{ beforeRow: 1, cpu: 1, count: 3, line: 3 }]);
  });

  it('of older versions says more about itself, which is counted as headers', () => {
    const recording = recordingOf(
      readText(
        [
          'version = 7',
          'CPU 0 is empty',
          'cpus=2',
          'CPU:1 [SUBBUFFER START]',
          '  systemd-logind-97    [001]    66.851994: module_get:           drm call_site=exact_lock refcnt=6',
          '',
        ].join('\n'),
      ),
    );
    expect(recording.lines).toMatchObject({ total: 5, headers: 4, events: 1, rejected: 0 });
  });

  it('puts a buffer under its heading', () => {
    expect(
      events(
        'Buffer: kslite',
        '  systemd-logind-97    [001]    66.851994: module_get:           drm call_site=exact_lock refcnt=6',
      ),
    ).toEqual(['kslite: 66.851994 cpu 1 systemd-logind-97 get drm via exact_lock → 6']);
  });
});

describe('perf script', () => {
  it('names the system before the event', () => {
    const lines = [
      '        modprobe   629 [000]   131.133728:      module:module_get: drm call_site=resolve_symbol refcnt=2',
      '     my prog (x)  1629 [001]   131.148568:     module:module_load: drm_kms_helper ',
      '         swapper     0 [001]   131.148569:     sched:sched_switch: prev_comm=swapper/1',
    ];
    expect(events(...lines)).toEqual([
      '131.133728 cpu 0 modprobe-629 get drm via resolve_symbol → 2',
      '131.148568 cpu 1 my prog (x)-1629 load drm_kms_helper',
    ]);
    expect(dialect(...lines)).toBe('perf script');
    expect(recordingOf(readText(`${lines.join('\n')}\n`)).lines.other).toBe(1);
  });

  it('may print process and thread, and no CPU', () => {
    expect(
      events(
        '        modprobe   600/629   131.133728123:      module:module_get: drm call_site=resolve_symbol refcnt=2',
      ),
    ).toEqual(['131.133728123 cpu ? modprobe-629(600) get drm via resolve_symbol → 2']);
  });

  it('keeps the call chain of each event', () => {
    const recording = recordingOf(
      readText(
        [
          'modprobe   629 [000]   131.133728: module:module_get: drm call_site=resolve_symbol refcnt=2',
          '\tffffffff81148175 try_module_get+0x25 ([kernel.kallsyms])',
          '\tffffffff81148d27 resolve_symbol+0x77 ([kernel.kallsyms])',
          '',
          'modprobe   629 [000]   131.133729: module:module_put: drm call_site=resolve_symbol refcnt=1',
          '',
        ].join('\n'),
      ),
    );
    expect(recording.table.stacks).toEqual([
      [
        'ffffffff81148175 try_module_get+0x25 ([kernel.kallsyms])',
        'ffffffff81148d27 resolve_symbol+0x77 ([kernel.kallsyms])',
      ],
    ]);
    expect([...recording.table.stack]).toEqual([0, -1]);
    expect(recording.lines).toMatchObject({ events: 2, stack: 2, blank: 1, rejected: 0 });
  });
});

describe('fields', () => {
  it('are read from the right where a module name holds anything', () => {
    expect(
      events(
        '          insmod-399     [001] .....    28.521430: module_load: nasty na:me [x] OE',
        '          insmod-399     [001] .....    28.521431: module_load: two words ',
        '          insmod-399     [001] ...1.    28.538757: module_put: nasty call_site=me refcnt=9 call_site=do_init_module refcnt=1',
        '          insmod-399     [001] ...1.    28.538758: module_get: x call_site=f [nasty na:me [x]] refcnt=2',
      ),
    ).toEqual([
      '28.521430 cpu 1 insmod-399 load nasty na:me [x] "OE"',
      '28.521431 cpu 1 insmod-399 load two words',
      '28.538757 cpu 1 insmod-399 put nasty call_site=me refcnt=9 via do_init_module → 1',
      '28.538758 cpu 1 insmod-399 get x via f [nasty na:me [x]] → 2',
    ]);
  });

  it('keep call sites as printed: hex where the symbol was gone, suffixes and offsets', () => {
    expect(
      events(
        '             cat-399     [001] ...1.    28.521430: module_put: a call_site=0xffffffffc02a9c0d refcnt=1',
        '             cat-399     [001] ...1.    28.521431: module_put: a call_site=blkdev_get_by_dev.part.0 refcnt=1',
        '             cat-399     [001] ...1.    28.521432: module_put: a call_site=my_open+0x12/0x30 [a] refcnt=-2',
      ).map((line) => line.split(' via ')[1]),
    ).toEqual(['0xffffffffc02a9c0d → 1', 'blkdev_get_by_dev.part.0 → 1', 'my_open+0x12/0x30 [a] → -2']);
  });

  it('of a request hold an alias of any shape', () => {
    expect(
      events(
        '     mount-399     [001] .....    28.521430: module_request: crypto-ctr(aes) wait=1 call_site=crypto_alg_mod_lookup',
        '     mount-399     [001] .....    28.521431: module_request: my dev wait=0 call_site=dm_get_target_type [dm_mod]',
      ),
    ).toEqual([
      '28.521430 cpu 1 mount-399 request "crypto-ctr(aes)" via crypto_alg_mod_lookup waits',
      '28.521431 cpu 1 mount-399 request "my dev" via dm_get_target_type [dm_mod]',
    ]);
  });
});
