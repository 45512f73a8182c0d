import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createTraceReader } from '../../../shared/trace-text/trace-reader.ts';
import { digestOutcome } from '../../support/digest-recording.ts';
import { fixtureBytes, readBytes, readText, recordingOf } from '../../support/read-fixture.ts';

const vkms = fixtureBytes('recordings/vkms/live/trace_pipe.txt');
const line = '        modprobe-629     [000] ...1.   131.133728: module_get: drm call_site=resolve_symbol refcnt=2\n';

function problemOf(bytes: Uint8Array): { what: string; remedy: string } {
  const outcome = readBytes(bytes);
  if (outcome.ok) throw new Error('was read');
  expect(outcome.problem.why).not.toBe('');
  expect(digestOutcome(readBytes(bytes, { chunkBytes: 3 }))).toBe(digestOutcome(outcome));
  return { what: outcome.problem.what, remedy: outcome.problem.remedy };
}

function bytes(...parts: (string | number[] | Uint8Array)[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part)))),
  );
}

describe('a file that is no text of a trace says so, and what to do', () => {
  it('trace.dat', () => {
    expect(problemOf(fixtureBytes('recordings/testmod/trace.dat'))).toEqual({
      what: 'This is a trace.dat file, not text.',
      remedy: 'Run `trace-cmd report FILE > FILE.txt` and open FILE.txt.',
    });
  });

  it.each([
    ['perf.data', bytes('PERFILE2', [0x68, 0, 0, 0]), 'This is a perf.data file, not text.', 'perf script'],
    ['zip', bytes('PK\x03\x04', [1, 2, 3]), 'This file is a ZIP archive.', 'unzip'],
    ['xz', bytes([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), 'This file is compressed with xz.', 'xz -dk'],
    ['zstd', bytes([0x28, 0xb5, 0x2f, 0xfd]), 'This file is compressed with zstd.', 'zstd -dk'],
    ['ELF', bytes('\x7fELF\x02\x01\x01'), 'This is a program or a kernel module, not a recording.', 'trace_pipe'],
    [
      'UTF-16 with a mark',
      bytes([0xff, 0xfe], Buffer.from(line, 'utf16le')),
      'This text is encoded as UTF-16.',
      'iconv',
    ],
    ['UTF-16 without', bytes(Buffer.from(line, 'utf16le')), 'This text is encoded as UTF-16.', 'iconv'],
    [
      'binary',
      bytes(Array.from({ length: 5000 }, (_, i) => ((i * 7919) % 251) % 32)),
      'This is not text.',
      'trace_pipe',
    ],
    ['nothing', bytes(''), 'The file is empty.', 'tracing_on'],
    ['blank lines', bytes('\n\n  \n'), 'The file is empty.', 'tracing_on'],
    ['a header alone', bytes('# tracer: nop\n#\n'), 'The recording has a header and no event.', 'events/module/enable'],
    [
      'other events',
      bytes(line.replace('module_get: drm', 'sched_switch: x')),
      'The recording has no module event.',
      'events/module/enable',
    ],
    [
      'some prose',
      bytes('Dear diary,\ntoday rmmod failed.\n'),
      'This is not a recording of module events.',
      'trace_pipe',
    ],
    ['gzip of gzip', bytes(gzipSync(gzipSync(line))), 'This file is compressed twice.', 'zcat'],
    [
      'gzip of trace.dat',
      bytes(gzipSync(fixtureBytes('recordings/testmod/trace.dat'))),
      'This is a trace.dat file, not text.',
      'trace-cmd report',
    ],
  ])('%s', (_, content, what, remedy) => {
    const problem = problemOf(content);
    expect(problem.what).toBe(what);
    expect(problem.remedy).toContain(remedy);
  });
});

describe('a text that was copied along with something says so', () => {
  const lines = line + line.replace('module_get', 'module_put').replace('131.133728', '131.133729');
  it.each([
    ['a quoted mail', lines.replace(/^/gm, '> ').slice(0, -2), 'quoted, as in a mail', 'sed'],
    ['a quoted mail without the padding', lines.replace(/^ +/gm, '> '), 'quoted, as in a mail', 'sed'],
    ['lines with their numbers', lines.replace(/^ +/gm, '1: '), 'a line number', 'sed'],
    ['what cat -n printed', lines.replace(/^ +/gm, '     1\t'), 'a line number', 'sed'],
    ['the kernel log', lines.replace(/^ +/gm, '[   12.345678] '), 'kernel log', 'sed'],
    ['colours', lines.replaceAll('module_', '\x1b[01;31m\x1b[Kmodule_\x1b[m\x1b[K'), 'coloured', '--color=never'],
    ['coloured names', lines.replaceAll('drm', '\x1b[01;31mdrm\x1b[m'), 'coloured', '--color=never'],
  ])('%s', (_, text, why, remedy) => {
    const outcome = readText(text);
    if (outcome.ok) throw new Error('was read');
    expect(outcome.problem.what).toBe('The lines were copied with something that is not theirs.');
    expect(outcome.problem.why).toContain(why);
    expect(outcome.problem.remedy).toContain(remedy);
  });

  it('but blanks and tabs around a line, and a fence around all of them, do no harm', () => {
    const named = (text: string) => recordingOf(readText(text)).table.tasks.map(({ comm }) => comm);
    expect(named(lines.replace(/^/gm, '    '))).toEqual(['modprobe']);
    expect(named(lines.replace(/^ */gm, '\t'))).toEqual(['modprobe']);
    expect(named(lines.replaceAll('\n', '   \n'))).toEqual(['modprobe']);
    expect(named(`My trace:\n\`\`\`\n${lines}\`\`\`\n`)).toEqual(['modprobe']);
    const load = (end: string) =>
      recordingOf(readText(line.replace(/module_get.*\n/, `module_load: drm${end}\n`))).table;
    expect(load('      ').modules).toEqual(['drm']);
    expect(load(' OE   ')).toMatchObject({ modules: ['drm'], details: ['OE'] });
  });

  it('and what has no end is given up', () => {
    const reader = createTraceReader();
    const useless = bytes('y\n'.repeat(500_000));
    for (let i = 0; i < 3 && reader.failed === undefined; i++) reader.push(useless);
    expect(reader.failed?.what).toBe('This is not a recording of module events.');
    const noise = createTraceReader();
    noise.push(Uint8Array.from({ length: 8192 }, (_, i) => Math.imul(i + 1, 2_654_435_761) >>> 24));
    expect(noise.failed?.what).toBe('This is not text.');
  });
});

describe('gzip', () => {
  it('is read as it is, in any chunks, of one member or several', () => {
    const plain = digestOutcome(readBytes(vkms));
    const half = vkms.lastIndexOf(10, vkms.length / 2) + 1;
    const members = bytes(gzipSync(vkms.subarray(0, half)), gzipSync(vkms.subarray(half)));
    for (const chunkBytes of [1, 7, 1 << 20]) {
      expect(digestOutcome(readBytes(bytes(gzipSync(vkms)), { chunkBytes }))).toBe(plain);
      expect(digestOutcome(readBytes(members, { chunkBytes }))).toBe(plain);
    }
  });

  it('that is cut or damaged gives nothing, wherever it is cut', () => {
    const packed = bytes(gzipSync(vkms));
    for (const end of [3, 10, 200, packed.length - 9, packed.length - 8, packed.length - 1]) {
      expect(problemOf(packed.slice(0, end)).what, `${end} bytes`).toBe('This gzip file is cut off or damaged.');
    }
    for (let at = 20; at < packed.length; at += 37) {
      const damaged = packed.slice();
      damaged[at] = damaged[at]! ^ 0x10;
      expect(readBytes(damaged).ok, `byte ${at}`).toBe(false);
    }
  });

  it('that unpacks to a thousand times its size is read in bounded memory', () => {
    const bomb = bytes(gzipSync(Buffer.alloc(300_000_000, 0x20)));
    const before = process.memoryUsage().arrayBuffers;
    const reader = createTraceReader();
    reader.push(bomb);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(150_000_000);
    expect(reader.finish().ok).toBe(false);
  }, 60_000);
});

describe('a text with faults is read, and they are told', () => {
  it('a cut last line', () => {
    for (const end of [10, 60, 80]) {
      const cut = recordingOf(readText(`${line}${line.slice(0, end)}`));
      expect(cut.notices).toContain('The last line is cut off and was not read.');
      expect(cut.lines).toMatchObject({ total: 2, events: 1 });
    }
    const whole = (text: string) => recordingOf(readText(line + text)).lines.events === 2;
    const later = line.replace('131.133728', '131.133729').trimEnd();
    expect(whole(later.replace('refcnt=2', 'refcnt=3'))).toBe(true);
    expect(whole(later.replace('refcnt=2', 'refcnt=30'))).toBe(false);
    expect(whole(later.replace(/module_get.*/, 'module_load: drm_kms'))).toBe(false);
    expect(whole(later.replace(/module_get.*/, 'module_load: drm_kms_helper '))).toBe(true);
    expect(whole(later.replace(/module_get.*/, 'module_free: dr'))).toBe(false);
    expect(whole(later.replace(/module_get.*/, 'module_free: drm'))).toBe(true);
    const unended = recordingOf(readText(line.trimEnd()));
    expect(unended.notices).toEqual(['The last line has no line end: it may have been cut.']);
    expect(unended.lines).toMatchObject({ total: 1, events: 1 });
  });

  it('line ends of Windows, and a byte order mark', () => {
    const plain = digestOutcome(readBytes(vkms));
    const windows = bytes([0xef, 0xbb, 0xbf], Buffer.from(vkms).toString('latin1').replaceAll('\n', '\r\n'));
    for (const chunkBytes of [1, 2, 5, 4096]) expect(digestOutcome(readBytes(windows, { chunkBytes }))).toBe(plain);
  });

  it('NUL bytes, control characters and bytes that are no UTF-8 in the middle', () => {
    const recording = recordingOf(readBytes(bytes(line, '\0\0\0\x01\xff\xfe\x80\n', line)));
    expect(recording.lines).toMatchObject({ total: 3, events: 2, rejected: 1 });
    expect(recording.rejected).toEqual([
      { line: 2, reason: 'not a line of a trace', text: '\\x00\\x00\\x00\\x01\\xff\\xfe\\x80' },
    ]);
  });

  it('a line of 100 MB, which is passed over and not kept', () => {
    const reader = createTraceReader();
    const before = process.memoryUsage().arrayBuffers;
    reader.push(bytes(line));
    const piece = new Uint8Array(1 << 20).fill(97);
    for (let i = 0; i < 100; i++) reader.push(piece);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
    reader.push(bytes('\n', line));
    const recording = recordingOf(reader.finish());
    expect(recording.lines).toMatchObject({ total: 3, events: 2, rejected: 1 });
    expect(recording.rejected[0]).toMatchObject({ line: 2, reason: 'longer than 65536 bytes' });
    expect([...recording.table.line]).toEqual([1, 3]);
  });

  it('long lines are told from others by their length alone, not by the chunks', () => {
    const text = bytes('b'.repeat(65_536), '\n', 'c'.repeat(65_537), '\n', line, 'd'.repeat(200_000), '\n', line);
    const digests = [1000, 65_536, 65_537, 70_001, 1 << 20].map((chunkBytes) =>
      digestOutcome(readBytes(text, { chunkBytes })),
    );
    expect(new Set(digests).size).toBe(1);
    expect(recordingOf(readBytes(text)).rejected.map(({ reason }) => reason)).toEqual([
      'not a line of a trace',
      'longer than 65536 bytes',
      'longer than 65536 bytes',
    ]);
  });

  it('lines that were made to be slow, none of which takes long', () => {
    const full = (head: string, filler: string, tail = '') =>
      head + filler.repeat(Math.floor((65_000 - head.length - tail.length) / filler.length)) + tail;
    const context = '        modprobe-629     [000] ...1.   131.133728: ';
    const slow = [
      full('', ' '),
      full('', '-'),
      full('', '-1 '),
      full('', '-1 [000] '),
      full('a-1', ' ', 'x'),
      full('', ': '),
      full('', 'a:  '),
      full('Buffer: a', ' ', 'b'),
      full('', 'CPU:1 ['),
      full('x', ' ', ': CPU:1 [LOST 5 EVENTS]x'),
      full('', '=> '),
      full('', 'cpus='),
      full(`${context}module_get: `, '-1 '),
      full(`${context}module_get: a`, ' refcnt=1'),
      full(`${context}module_put: a`, ' call_site=f'),
      full(`${context}module_get: ip=`, 'a', ' [x'),
      full(`${context}module_load: `, ' '),
      full(`${context}module_load: `, 'A'),
      full(`${context}module_request: a`, ' wait=1 call_site=f'),
      full(`${context}kernel_stack: `, ' '),
      full(`${context}(+`, '1', ') x'),
      full('        modprobe     629', ' ', '0'),
      full('modprobe 629 [000] 1.000000: ', '1 '),
      full('', '[000] '),
      full('', '1.000000:'),
      full('# entries-in-buffer/entries-written: ', '9'),
      full('\t', 'f'),
      full('\t', 'f '),
      full('kslite:', ' ', '-1 [000]'),
    ];
    const started = performance.now();
    const recording = recordingOf(readText(`${line}${slow.map((text) => `${text}\n`).join('')}${line}`));
    expect(performance.now() - started).toBeLessThan(3000);
    expect(recording.lines.total).toBe(slow.length + 2);
    expect(recording.lines.events).toBe(2);
  }, 60_000);

  it('stamps of another unit, or from another time', () => {
    const recording = recordingOf(
      readText(line + line.replace('131.133728', '131133728') + line.replace('131.133728', '99999999.133728')),
    );
    expect(recording.rejected.map(({ reason }) => reason)).toEqual([
      'the time stamp counts in another unit than the first event',
      'the time stamp is more than 104 days from the first event',
    ]);
  });

  it('and only the first thousand rejected lines are kept', () => {
    const recording = recordingOf(readText(line + 'x\n'.repeat(5000)));
    expect(recording.lines.rejected).toBe(5000);
    expect(recording.rejected).toHaveLength(1000);
    expect(recording.notices).toContain('5000 of 5001 lines could not be read.');
  });

  it('notes of people between the events, lines and all', () => {
    const recording = recordingOf(
      readText(
        [
          '          run.sh-96      [001] .....   131.047679: tracing_mark_write: one',
          'and a second line of it',
          '',
          'and a third',
          line.trimEnd(),
          'not of it',
          '',
        ].join('\n'),
      ),
    );
    expect(recording.lines).toEqual({ total: 6, events: 1, stack: 0, other: 3, headers: 0, blank: 1, rejected: 1 });
  });
});

describe('a reader', () => {
  it('tells how far it came, and stops at a failure', () => {
    const reader = createTraceReader();
    const nft = fixtureBytes('recordings/nft/live/trace_pipe.txt');
    reader.push(nft);
    expect(reader.progress).toEqual({ bytes: nft.length, lines: 446, events: 446 });
    const failing = createTraceReader();
    failing.push(bytes(new Uint8Array(5000)));
    expect(failing.failed?.what).toBe('This is not text.');
    failing.push(vkms);
    expect(failing.progress.lines).toBe(0);
    expect(failing.finish().ok).toBe(false);
  });
});
