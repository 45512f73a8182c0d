import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFrameDecoder } from '../../shared/capture-protocol/create-frame-decoder.ts';
import type { HelperFrame } from '../../shared/capture-protocol/helper-frame.ts';

function frame(type: string, body: string | Buffer): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
  const header = Buffer.from([type.charCodeAt(0), bytes.length >> 16, (bytes.length >> 8) & 0xff, bytes.length & 0xff]);
  return Buffer.concat([header, bytes]);
}

const hello = [
  'version=1',
  'kernel=6.1.0-56-amd64',
  'tracefs=/sys/kernel/tracing',
  'instance=modshark-172',
  'events=load,free,get,put,request',
  'clock=mono',
  'record_tgid=1',
  'buffer_kib=1408',
  'cpus=2',
  'swept=0',
  'monotonic_ns=9228660123',
  'boottime_ns=9228660124',
  'realtime_ns=1795316143096028123',
];
const trace = '          insmod-154     [001] .....     9.228660: module_load: testmod OE\n';
const bye = frame('B', 'reason=stop\ninstance=removed\n');

const conversation = Buffer.concat([
  frame('H', `${hello.join('\n')}\n`),
  frame('M', '\0\0testmod 16384 0 - Live 0x0000000000000000 (OE)\n'),
  frame('M', '\u0001\0vkms 49152 1 - Live\n'),
  frame('L', 'tracing_on=1\n0 0 0 0 0 0\n1 3 72798 2 1 9000\n'),
  frame('T', trace.slice(0, 50)),
  frame('T', trace.slice(50)),
  frame('C', ''),
  frame('E', 'clear-failed\nThe buffer could not be cleared.'),
  frame('F', '\u0001\u0002events/module/enable\0'),
  frame('M', '\u0001\u0001'),
  bye,
]);

/** What a decoder makes of bytes that come in pieces of one size. */
function decode(bytes: Uint8Array, size: number) {
  const decoder = createFrameDecoder();
  const frames: HelperFrame[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    for (const one of decoder.push(Uint8Array.from(bytes.subarray(at, at + size)))) frames.push(one);
  }
  return { frames, problem: decoder.finish() };
}

const text = (frames: readonly HelperFrame[]) => {
  return frames.map((one) => (one.kind === 'trace' ? Buffer.from(one.bytes).toString('latin1') : '')).join('');
};

test('a whole conversation is understood', () => {
  const { frames, problem } = decode(conversation, 65_536);
  expect(problem).toBeUndefined();
  expect(text(frames)).toBe(trace);
  expect(frames.filter((one) => one.kind !== 'trace')).toEqual([
    {
      kind: 'hello',
      version: 1,
      kernel: '6.1.0-56-amd64',
      tracefs: '/sys/kernel/tracing',
      instance: 'modshark-172',
      events: ['load', 'free', 'get', 'put', 'request'],
      clock: 'mono',
      recordTgid: true,
      bufferKiB: '1408',
      cpus: 2,
      swept: 0,
      monotonic: 9_228_660_123n,
      boottime: 9_228_660_124n,
      realtime: 1_795_316_143_096_028_123n,
    },
    {
      kind: 'modules',
      when: 'start',
      text: 'testmod 16384 0 - Live 0x0000000000000000 (OE)\nvkms 49152 1 - Live\n',
    },
    {
      kind: 'counts',
      tracingOn: true,
      cpus: [
        { cpu: 0, entries: 0, overrun: 0, commitOverrun: 0, dropped: 0, read: 0 },
        { cpu: 1, entries: 3, overrun: 72_798, commitOverrun: 2, dropped: 1, read: 9_000 },
      ],
    },
    { kind: 'cleared' },
    { kind: 'refusal', code: 'clear-failed', sentence: 'The buffer could not be cleared.' },
    { kind: 'fact', name: 'events/module/enable', error: 2, text: '' },
    { kind: 'modules', when: 'end', text: '' },
    { kind: 'bye', reason: 'stop', instance: 'removed' },
  ]);
});

test.each([1, 2, 3, 5, 7, 64, 4095, 4096, 4097])('in pieces of %i bytes it is understood alike', (size) => {
  expect(decode(conversation, size)).toEqual(decode(conversation, conversation.length));
});

test('a look that was cut within a text does not spoil the next one', () => {
  const end = frame('N', 'version=1\nresult=late\nkernel=6.1\nroot=1\nbegan_ns=1\nended_ns=2\n');
  const cut = frame('F', '\0\0/proc/modules\0vkms 1');
  const whole = frame('F', '\u0001\0/proc/misc\0 1 x');
  const { frames, problem } = decode(
    Buffer.concat([cut, end, whole, end, frame('B', 'reason=stdin-closed\ninstance=none\n')]),
    4096,
  );
  expect(problem).toBeUndefined();
  expect(frames.map((one) => (one.kind === 'fact' ? one.text : one.kind))).toEqual([
    'snapshot-end',
    ' 1 x',
    'snapshot-end',
    'bye',
  ]);
});

const broken: readonly [what: string, bytes: Buffer, why: RegExp][] = [
  ['nothing', Buffer.alloc(0), /ended without saying why/],
  ['an end within a frame', conversation.subarray(0, 40), /ended within a frame/],
  ['an end without bye', conversation.subarray(0, -bye.length), /ended without saying why/],
  ['an unknown type', frame('Z', ''), /type "Z"/],
  ['text of another program', Buffer.from('bash: capture-helper: command not found\n'), /says that it has|type "b"/],
  ['a frame that is too long', Buffer.from('T\0\u0010\0'), /4100 bytes/],
  ['a frame of 16 MiB', Buffer.from([84, 255, 255, 255]), /says that it has/],
  ['a frame behind the last', Buffer.concat([bye, bye]), /after the last/],
  ['a hello without a version', frame('H', hello.slice(1).join('\n')), /type "H"/],
  ['a hello with an event that does not exist', frame('H', hello.join('\n').replace('free', 'steal')), /type "H"/],
  ['counts that are no numbers', frame('L', 'tracing_on=1\n0 0 x 0 0 0\n'), /type "L"/],
  ['counts that are cut', frame('L', 'tracing_on=1\n0 0 0'), /type "L"/],
  ['a reason that does not exist', frame('B', 'reason=mood\ninstance=removed\n'), /type "B"/],
  ['two texts mixed', Buffer.concat([frame('M', '\0\0a'), frame('M', '\u0001\u0001b')]), /mixed/],
  [
    'a text without end',
    Buffer.concat(Array.from({ length: 1100 }, () => frame('M', `\0\0${'x'.repeat(4000)}`))),
    /longer/,
  ],
  ['a fact without a name', frame('F', '\u0001\0\0text'), /type "F"/],
];

test.each(broken)('%s is refused', (_what, bytes, why) => {
  for (const size of [1, 7, bytes.length + 1]) expect(decode(bytes, size).problem?.why).toMatch(why);
});

test('whatever comes, it neither throws nor grows, and what it says does not depend on the pieces', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(conversation, bye, frame('T', trace), frame('L', 'tracing_on=0\n')).map((b) => new Uint8Array(b)),
  );
  const property = fc.property(fc.array(piece, { maxLength: 8 }), fc.integer({ min: 1, max: 5000 }), (pieces, size) => {
    const bytes = Buffer.concat(pieces);
    const whole = decode(bytes, bytes.length + 1);
    const cut = decode(bytes, size);
    expect(cut.problem).toEqual(whole.problem);
    expect(text(cut.frames)).toBe(text(whole.frames));
    expect(cut.frames.length).toBe(whole.frames.length);
  });
  fc.assert(property, { numRuns: 3_000 });
});
