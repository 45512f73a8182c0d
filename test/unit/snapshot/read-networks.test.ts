import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runSteps } from '../../../shared/run-steps.ts';
import { readNetworks } from '../../../shared/snapshot/read-networks.ts';

const questions = ['links', 'queues', 'filters', 'actions', 'chains', 'rules', 'objects', 'flowtables', 'sets'];

const read = (answer: string) =>
  runSteps(readNetworks(new Map([[9, { pid: 7, answers: new Map(questions.map((question) => [question, answer])) }]])));

const bytes = (most: number) => fc.uint8Array({ maxLength: most }).map((values) => String.fromCharCode(...values));

/** A message or an attribute that says how long it is, truly or not, around what may be another. */
const nested = fc.letrec<{ piece: string }>((tie) => ({
  piece: fc.oneof(
    { maxDepth: 5 },
    bytes(24),
    fc.tuple(fc.nat(40), fc.nat(12), fc.array(tie('piece'), { maxLength: 4 })).map(([wrong, type, pieces]) => {
      const body = pieces.join('');
      const length = wrong < 36 ? body.length + 4 : wrong;
      return `${String.fromCharCode(length & 255, (length >> 8) & 255, type, 0)}${body}${'\0'.repeat(-body.length & 3)}`;
    }),
  ),
})).piece;

/** RTM_NEWLINK, RTM_NEWQDISC, RTM_NEWTFILTER, RTM_GETACTION; and one that is none of them. */
const types = [16, 36, 44, 50, 0];

const write = (type: number, body: string) => {
  const length = body.length + 36;
  return `${String.fromCharCode(length & 255, (length >> 8) & 255, 0, 0, type, 0)}${'\0'.repeat(30)}${body}`;
};

const message = fc.tuple(fc.constantFrom(...types), nested).map(([type, body]) => write(type, body));

test('whatever an answer holds, reading it ends, and gives no more than there is', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        bytes(400),
        fc.array(message, { maxLength: 6 }).map((all) => all.join('')),
      ),
      (answer) => {
        const [network] = read(answer);
        for (const list of Object.values(network!))
          if (Array.isArray(list)) expect(list.length).toBeLessThanOrEqual(answer.length / 16);
      },
    ),
    { numRuns: 500 },
  );
});

test('a message or an attribute that says it has no length ends its list', () => {
  expect(read('\0'.repeat(64))[0]?.rules).toEqual([]);
  expect(read(`\x24\0\0\0${'\0'.repeat(32)}`)[0]?.rules).toEqual([
    { family: '0', table: '', chain: '', handle: '0', expressions: [] },
  ]);
});

test('a message of another type than was asked for is none of its queues, filters or links', () => {
  const told = (type: number) => {
    const { queues, filters } = read(write(type, ''))[0]!;
    return { queues: queues.length, filters: filters.length };
  };
  expect(types.map(told)).toEqual([
    { queues: 0, filters: 0 },
    { queues: 1, filters: 0 },
    { queues: 0, filters: 1 },
    { queues: 0, filters: 0 },
    { queues: 0, filters: 0 },
  ]);
});

/** An attribute: its number, and its value as text. */
const attribute = (type: number, value: string) =>
  `${String.fromCharCode((value.length + 4) & 255, (value.length + 4) >> 8, type, 0)}${value}${'\0'.repeat(-value.length & 3)}`;
const number = (value: number) =>
  String.fromCharCode(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24);

test('a filter of a block that two devices share is told of once for each, and is one', () => {
  const matches = attribute(2, attribute(2, attribute(1, `\0\0\x04\0\0\0\0\0`)));
  const body = (handle: number) => `\0\0\0\0\xff\xff\xff\xff${number(handle)}${number(22)}${number(10 << 16)}`;
  const told = (handle: number, options: string) => {
    const text = `${body(handle)}${attribute(1, 'basic\0')}${options}`;
    return `${number(text.length + 16)}${number(44)}${'\0'.repeat(8)}${text}`;
  };
  const block = told(0, '') + told(1, attribute(2, matches)) + told(2, attribute(2, matches));
  expect(read(block + block)[0]!.filters.map((filter) => filter.matches)).toEqual([['meta', 'meta']]);
});

test('an action of iptables has its number where no other action has it', () => {
  const options = attribute(2, attribute(2, number(3)) + attribute(3, number(77)));
  const table = attribute(1, attribute(1, attribute(1, 'ipt\0') + options));
  const text = `\0\0\0\0${table}`;
  const told = read(`${number(text.length + 16)}${number(50)}${'\0'.repeat(8)}${text}`)[0]!;
  expect(told.actions).toEqual([{ kind: 'ipt', index: 77, references: 0, bindings: 0 }]);
});

test('what is there twice, for it changed while it was told, is one', () => {
  const text = `\x02\0\0\0${attribute(1, 't\0')}${attribute(2, 'c\0')}${attribute(3, `${'\0'.repeat(7)}\x05`)}`;
  const rule = `${number(text.length + 16)}${number(2566)}${'\0'.repeat(8)}${text}`;
  expect(read(rule + rule)[0]!.rules).toHaveLength(1);
});
