import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTraceReader } from '../../../shared/trace-text/trace-reader.ts';
import { digestOutcome } from '../../support/digest-recording.ts';
import { readText, recordingOf } from '../../support/read-fixture.ts';

/** One line as trace_pipe prints it, with whatever stands in its columns. */
interface Columns {
  readonly comm: string;
  readonly pid: string;
  readonly cpu: string;
  readonly flags: string;
  readonly stamp: string;
  readonly event: string;
}

const columns: fc.Arbitrary<Columns> = fc.record({
  comm: fc.constantFrom('modprobe', 'systemd-logind', '<...>', 'a b', 'kworker/0:1', 'x-1     [000]'),
  pid: fc.constantFrom('1', '545', '1234567', '12345678', '', '4 5', '99999  '),
  cpu: fc.constantFrom('[000]', '[001]', '[199]', '[1024]', '[12]', '[0a1]', '(001)', '[001] '),
  flags: fc.constantFrom('.....', '...1.', 'd..1.', 'dNh2.', '....', 'x....', '.....1', '....', '  ...1.'),
  stamp: fc.constantFrom(
    '  102.168297:',
    '  102.999999:',
    '  103.000001:',
    '99999.000000:',
    '123456.000001:',
    '1234567.000001:',
    '1795000000.000001:',
    '  102.168297123:',
    '102168297:',
    '  102.16829a:',
    '  102.168297',
    '  102.16829 :',
    '   .168297:',
  ),
  event: fc.constantFrom(
    'module_get: drm call_site=chrdev_open refcnt=3',
    'module_put: drm call_site=chrdev_open refcnt=2',
    'module_get: vkms call_site=drm_stub_open [drm] refcnt=2',
    'module_load: vkms E',
    'module_free: vkms',
    'sched_wakeup: comm=a pid=1',
    'x',
    '',
  ),
});

const print = ({ comm, pid, cpu, flags, stamp, event }: Columns) =>
  `${comm.padStart(16)}-${pid.padEnd(7)} ${cpu} ${flags} ${stamp} ${event}`;

describe('lines that are laid out as nearly all are', () => {
  it('are read at one go to the same as one by one, whatever stands in them and behind them', () => {
    fc.assert(
      fc.property(fc.array(columns, { minLength: 1, maxLength: 60 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
        const text = lines.map((line) => print(line) + end).join('');
        expect(digestOutcome(readText(text))).toBe(digestOutcome(readText(text, { exactOnly: true })));
      }),
      { numRuns: 500 },
    );
  });

  it('keep every digit of CPU and time', () => {
    const micros = Array.from({ length: 3000 }, (_, i) => (i * 7_919) % 1_000_000).sort((a, b) => a - b);
    const text = micros
      .map((micro, i) => {
        const cpu = `[${String((i * 37) % 1000).padStart(3, '0')}]`;
        const stamp = `  102.${String(micro).padStart(6, '0')}:`;
        return print({
          comm: 'cat',
          pid: '7',
          cpu,
          flags: '...1.',
          stamp,
          event: 'module_get: m call_site=f refcnt=2',
        });
      })
      .join('\n');
    const { table } = recordingOf(readText(text));
    expect([...table.time]).toEqual(micros.map((micro) => (micro - micros[0]!) * 1000));
    expect([...table.cpu]).toEqual(micros.map((_, i) => (i * 37) % 1000));
  });
});

describe('how many bytes are expected', () => {
  const line = (i: number) =>
    print({
      comm: i % 5 === 0 ? '<...>' : 'modprobe',
      pid: String(i % 9000),
      cpu: `[00${i % 4}]`,
      flags: '...1.',
      // Some come late, so that rows are sorted.
      stamp: `${String(102 + Math.floor(i / 1000)).padStart(5)}.${String((i % 1000) * 1000 + (i % 3)).padStart(6, '0')}:`,
      event: `module_${i % 2 === 0 ? 'get' : 'put'}: m${i % 7} call_site=open_it refcnt=${(i % 2) + 1}`,
    });
  const text = new TextEncoder().encode(
    Array.from({ length: 90_000 }, (_, i) => `${line(i % 997 === 1 ? i - 1 : i)}\n`).join(''),
  );

  it.each([
    ['as they come', text.length],
    ['far too few', 1000],
    ['a few too few', Math.floor(text.length * 0.8)],
    ['too many', text.length * 3],
    ['more than any memory holds', 2 ** 50],
    ['more than can be counted', Number.MAX_SAFE_INTEGER],
  ])('changes nothing in what is read: %s', (_what, expected) => {
    const reader = createTraceReader();
    reader.expect(expected);
    for (let at = 0; at < text.length; at += 70_000) reader.push(text.subarray(at, at + 70_000));
    expect(reader.soFar().table.length).toBe(90_000);
    const plain = createTraceReader();
    plain.push(text);
    expect(digestOutcome(reader.finish())).toBe(digestOutcome(plain.finish()));
  });
});
