import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeTree, makeFakeTree } from './support/make-fake-tree.ts';
import { isKind, startHelper } from './support/start-helper.ts';

let tree: FakeTree;
beforeAll(() => {
  tree = makeFakeTree();
});
afterAll(() => tree.remove());

/** A START frame put together by hand, so that anything can be wrong with it. */
interface Parts {
  version?: number;
  events?: number;
  flags?: number;
  bufferKiB?: number;
  count?: number;
  names?: readonly string[];
  tail?: string;
}

function body(parts: Parts): Buffer {
  const { version = 1, events = 31, flags = 0, bufferKiB = 1408, names = [], tail = '' } = parts;
  const head = Buffer.from([version, events, flags, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(bufferKiB, 3);
  head.writeUInt16BE(parts.count ?? names.length, 7);
  const entries = names.map((name) => Buffer.concat([Buffer.from([name.length]), Buffer.from(name, 'latin1')]));
  return Buffer.concat([head, ...entries, Buffer.from(tail, 'latin1')]);
}

function frame(type: string, content: Buffer, length = content.length): Buffer {
  return Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from([length >> 16, length >> 8, length]), content]);
}

const start = (parts: Parts) => frame('S', body(parts));
const named = (...names: string[]) => start({ names });

const hostile: readonly [what: string, bytes: Buffer, code: string | undefined][] = [
  ['nothing at all', Buffer.alloc(0), undefined],
  ['half a header', Buffer.from('S\0'), 'bad-frame'],
  ['a body that ends early', frame('S', body({}).subarray(0, 5), 9), 'bad-frame'],
  ['an empty START', frame('S', Buffer.alloc(0)), 'bad-frame'],
  ['a frame longer than any', frame('S', Buffer.alloc(16), 0xffffff), 'bad-frame'],
  ['one byte more than 4096', frame('S', Buffer.alloc(4093)), 'bad-frame'],
  ['an unknown verb', frame('X', body({})), 'bad-frame'],
  ['STOP before START', frame('Q', Buffer.alloc(0)), 'bad-frame'],
  ['a TRACEFS request with a path in it', frame('F', Buffer.from('/etc/shadow')), 'bad-frame'],
  ['text', Buffer.from('{"start":true}\n'), 'bad-frame'],
  ['version 0', start({ version: 0 }), 'bad-version'],
  ['version 2', start({ version: 2 }), 'bad-version'],
  ['no event', start({ events: 0 }), 'bad-events'],
  ['a sixth event', start({ events: 32 }), 'bad-events'],
  ['every bit of the events', start({ events: 255 }), 'bad-events'],
  ['an unknown option', start({ flags: 4 }), 'bad-flags'],
  ['an exclusion of nothing', start({ flags: 2 }), 'bad-flags'],
  ['no buffer', start({ bufferKiB: 0 }), 'bad-buffer'],
  ['63 KiB', start({ bufferKiB: 63 }), 'bad-buffer'],
  ['64 MiB and 1 KiB', start({ bufferKiB: 65_537 }), 'bad-buffer'],
  ['4 TiB', start({ bufferKiB: 0xffffffff }), 'bad-buffer'],
  ['257 names', start({ names: Array.from({ length: 257 }, () => 'a') }), 'too-many-names'],
  ['65,535 names that are not there', start({ count: 65_535 }), 'too-many-names'],
  ['a name that is not there', start({ count: 1 }), 'bad-frame'],
  ['a name cut short', start({ count: 1, tail: '\u0009vkms' }), 'bad-frame'],
  ['a byte behind the last name', start({ names: ['vkms'], tail: '\n' }), 'bad-frame'],
  ['an empty name', named(''), 'bad-name'],
  ['a name of 56 letters', named('x'.repeat(56)), 'bad-name'],
  ['a name of 255 letters', named('x'.repeat(255)), 'bad-name'],
  ['a name that ends the quote', named('vkms" || name != "'), 'bad-name'],
  ['a name with an apostrophe', named("vkms'"), 'bad-name'],
  ['a filter instead of a name', named('name=="vkms"'), 'bad-name'],
  ['a glob', named('drm*'), 'bad-name'],
  ['a path', named('../../etc/passwd'), 'bad-name'],
  ['a dot', named('.'), 'bad-name'],
  ['a slash', named('a/b'), 'bad-name'],
  ['a NUL in a name', named('vk\0ms'), 'bad-name'],
  ['a newline behind a name', named('vkms\n'), 'bad-name'],
  ['a blank', named('vk ms'), 'bad-name'],
  ['a name in UTF-8', named('m\u00c3\u00b6d'), 'bad-name'],
  ['a name of bytes above 127', named('\u00ff\u00fe'), 'bad-name'],
  ['a shell command', named('$(reboot)'), 'bad-name'],
  ['a format string', named('%n%s'), 'bad-name'],
  ['a colon, as in a set_event', named('drm:drm_vblank'), 'bad-name'],
  ['a good name and a bad one', named('drm', 'vkms;'), 'bad-name'],
  ['a filter that is too long', start({ names: Array.from({ length: 62 }, () => 'x'.repeat(55)) }), 'filter-too-long'],
];

test.each(hostile)('%s is refused, and tracefs is not touched', async (_what, bytes, code) => {
  const before = tree.rest();
  const helper = startHelper(tree.path);
  helper.process.stdin.end(bytes);
  const { status, frames, stderr, failure } = await helper.ended();
  expect(stderr).toBe('');
  expect(failure).toBeUndefined();
  expect(frames.filter(isKind('refusal')).map((refusal) => refusal.code)).toEqual(code === undefined ? [] : [code]);
  expect(frames.at(-1)).toEqual({
    kind: 'bye',
    reason: code === undefined ? 'stdin-closed' : 'refused',
    instance: 'none',
  });
  expect(status).toBe(code === undefined ? 0 : 1);
  expect(tree.instances()).toEqual([]);
  expect(tree.audit().size).toBe(0);
  expect(tree.rest()).toEqual(before);
});

test.each(['', '-1', '1x', ' 1', '4294967295', '99999999999', '0x10', '1000\n'])(
  'a caller of uid %j is refused before anything is read',
  async (uid) => {
    const helper = startHelper(tree.path, { env: { PKEXEC_UID: uid } });
    const { frames, status } = await helper.ended();
    expect(frames).toMatchObject([
      { kind: 'refusal', code: 'bad-caller' },
      { kind: 'bye', reason: 'refused' },
    ]);
    expect(status).toBe(1);
  },
);

test('the real helper refuses whoever is not root', async () => {
  const uid = process.getuid?.() === 0 ? { uid: 65_534 } : {};
  const helper = startHelper(tree.path, { program: 'capture-helper', ...uid });
  helper.process.stdin.end(start({}));
  const { frames, status } = await helper.ended();
  expect(frames).toMatchObject([
    { kind: 'refusal', code: 'not-root' },
    { kind: 'bye', reason: 'refused', instance: 'none' },
  ]);
  expect(status).toBe(1);
});

test('the real helper takes no arguments', async () => {
  const helper = startHelper(tree.path, { program: 'capture-helper', argv: ['/sys/kernel/tracing'] });
  helper.process.stdin.end(start({}));
  const { frames, status, stderr } = await helper.ended();
  expect(frames).toEqual([]);
  expect(status).toBe(2);
  expect(stderr).toContain('takes no arguments');
});
