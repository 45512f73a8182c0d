import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMarkScanner } from '../../../electron/host/terminal/create-mark-scanner.ts';
import type { Mark } from '../../../electron/host/terminal/read-mark.ts';

const key = 'abcdefghijklmnopqrstuvwx';
const mark = (letter: string, text = '') => `\u001b]133;${letter};modshark=${key};${text}\u0007`;

/** What comes of an output, given in pieces: the bytes that pass, and the marks, in their order. */
function scan(pieces: readonly (string | Uint8Array)[]) {
  const told: (string | Mark)[] = [];
  let passed = '';
  const scanner = createMarkScanner(key, {
    output(bytes) {
      passed += Buffer.from(bytes).toString('latin1');
    },
    mark(found) {
      told.push(passed.length === 0 ? '' : Buffer.from(passed, 'latin1').toString('utf8'), found);
    },
  });
  for (const piece of pieces) scanner.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
  scanner.end();
  return { told, passed: Buffer.from(passed, 'latin1').toString('utf8') };
}

const inPieces = (text: string, size: number) => {
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
};

describe('the marks of a shell', () => {
  const session = `$ ${mark('C', 'modprobe vkms\\nls \\\\x')}out\r\n${mark('E', 'again')}${mark('D', '130')}$ ${mark('A')}`;
  const told = [
    '$ ',
    { kind: 'begins', text: 'modprobe vkms\nls \\x' },
    '$ out\r\n',
    { kind: 'named', text: 'again' },
    '$ out\r\n',
    { kind: 'ended', status: 130 },
    '$ out\r\n$ ',
    { kind: 'ready' },
  ];
  test.each([1, 2, 3, 7, 1000])('are found and taken out of the output, in pieces of %d bytes', (size) => {
    expect(scan(inPieces(session, size))).toEqual({ told, passed: '$ out\r\n$ ' });
  });
  test('may end as a string does, with ESC and a backslash', () => {
    expect(scan([mark('D', '0').replace('\u0007', '\u001b\\')]).told).toEqual(['', { kind: 'ended', status: 0 }]);
  });
  test('a line that begins with a blank is kept nowhere, and a very long one in part', () => {
    expect(scan([mark('C', ' secret')]).told[1]).toEqual({ kind: 'begins', text: '' });
    expect(scan([mark('C', 'x'.repeat(5_000))]).told[1]).toEqual({ kind: 'begins', text: 'x'.repeat(1024) });
  });
  test('a status that is no number is not known', () => {
    expect(scan([mark('D', 'ok')]).told[1]).toEqual({ kind: 'ended', status: undefined });
  });
});

describe('what a program prints is no mark', () => {
  test.each([
    ['the marks that other terminals know', '\u001b]133;C\u0007\u001b]133;D;0\u0007'],
    ['one with another key', mark('C', 'rm -rf /').replace(key, 'x'.repeat(24))],
    ['one with a part of the key', mark('C', 'x').replace(key, key.slice(1))],
    ['one without an end', `\u001b]133;C;modshark=${key};never ends`],
    ['one that is broken off', `\u001b]133;C;modshark=${key};x\u0018\u0007`],
    ['one that another sequence breaks off', `\u001b]133;C;modshark=${key};x\u001b[31m\u0007`],
    ['one that is far too long', mark('C', 'x'.repeat(20_000))],
    ['one of an unknown letter', mark('Z', 'x')],
  ])('%s', (_what, output) => {
    for (const size of [1, 5, 100_000]) expect(scan(inPieces(output, size))).toEqual({ told: [], passed: output });
  });
  test('and a mark behind it is found all the same', () => {
    const { told } = scan([`\u001b]133;C;modshark=${key};x\u001b[31m${mark('D', '1')}`]);
    expect(told.at(-1)).toEqual({ kind: 'ended', status: 1 });
  });
});

test('whatever is printed passes as it is, however it is cut; only whole marks with the key are missing', () => {
  const scrap = fc.constantFrom(
    mark('C', 'ls'),
    mark('D', '0').slice(0, -1),

    '\u001b',
    ']',
    '133;',
    '\u001b]133;',
    `modshark=${key};`,
    ';',
    'C;',
    '\u0007',
    '\\',
    'é€',
    '\n',
  );
  const anything = fc.array(fc.oneof(scrap, fc.string()), { maxLength: 30 }).map((parts) => parts.join(''));
  const genuine = new RegExp(
    `\\u001b\\]133;[ACDE];modshark=${key};(?:(?![\\u0007\\u001b\\u0018\\u001a])[\\s\\S])*(?:\\u0007|\\u001b\\\\)`,
    'g',
  );
  fc.assert(
    fc.property(anything, fc.integer({ min: 1, max: 9 }), (output, size) => {
      const text = Buffer.from(output).toString('utf8');
      const { passed, told } = scan(inPieces(text, size));
      expect(passed).toBe(text.replace(genuine, ''));
      expect(told.length / 2).toBe([...text.matchAll(genuine)].length);
    }),
    { numRuns: 3_000 },
  );
});
