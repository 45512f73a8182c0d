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
