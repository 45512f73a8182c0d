import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteDictionary, hashBytes } from '../../../shared/event-table/byte-dictionary.ts';
import { TaskDictionary } from '../../../shared/event-table/task-dictionary.ts';

const encoder = new TextEncoder();

function intern(dictionary: ByteDictionary, word: string): number {
  const bytes = encoder.encode(`<${word}>`);
  return dictionary.intern(bytes, 1, bytes.length - 1, hashBytes(bytes, 1, bytes.length - 1));
}

describe('a byte dictionary', () => {
  it('numbers distinct runs of bytes in the order in which they came, as a map of strings would', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\0'), maxLength: 5 }), { maxLength: 600 }),
        (words) => {
          const dictionary = new ByteDictionary();
          const numbers = new Map<string, number>();
          for (const word of words) {
            if (!numbers.has(word)) numbers.set(word, numbers.size);
            expect(intern(dictionary, word)).toBe(numbers.get(word));
          }
          expect(dictionary.size).toBe(numbers.size);
          for (const [word, id] of numbers) expect(new TextDecoder().decode(dictionary.entry(id))).toBe(word);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps a hundred thousand words apart, and those with one hash too', () => {
    const dictionary = new ByteDictionary();
    for (let i = 0; i < 100_000; i++) expect(intern(dictionary, `word ${i}`)).toBe(i);
    for (let i = 0; i < 100_000; i += 997) expect(intern(dictionary, `word ${i}`)).toBe(i);
    const clashing = new ByteDictionary();
    const words = ['one', 'two', 'three', 'four'].map((word) => encoder.encode(word));
    expect(words.map((word) => clashing.intern(word, 0, word.length, 42))).toEqual([0, 1, 2, 3]);
    expect(words.map((word) => clashing.intern(word, 0, word.length, 42))).toEqual([0, 1, 2, 3]);
  });
});

describe('a task dictionary', () => {
  it('tells tasks apart by comm, pid and tgid together', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('sh', 'cat', ''), fc.nat({ max: 20_000 }), fc.integer({ min: -1, max: 2 })), {
          maxLength: 500,
        }),
        (tasks) => {
          const dictionary = new TaskDictionary();
          const numbers = new Map<string, number>();
          for (const [comm, pid, tgid] of tasks) {
            const bytes = encoder.encode(comm);
            const key = `${comm}-${pid}-${tgid}`;
            if (!numbers.has(key)) numbers.set(key, numbers.size);
            expect(dictionary.intern(bytes, 0, bytes.length, pid, tgid)).toBe(numbers.get(key));
          }
          expect(dictionary.size).toBe(numbers.size);
        },
      ),
    );
  });

  it('stays quick where one pid takes a hundred thousand names', () => {
    const dictionary = new TaskDictionary();
    for (let i = 0; i < 100_000; i++) {
      const bytes = encoder.encode(`n${i}`);
      expect(dictionary.intern(bytes, 0, bytes.length, 7, -1)).toBe(i);
    }
  });
});
