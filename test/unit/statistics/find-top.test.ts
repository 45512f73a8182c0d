import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findTop } from '../../../shared/statistics/find-top.ts';

const counts = fc.array(fc.tuple(fc.nat(3), fc.nat(2)), { maxLength: 40 });

test('the top of a ranking is what sorting all of it would put first, ties by name included', () => {
  fc.assert(
    fc.property(counts, fc.nat(12), (places, most) => {
      // Names of which many begin alike and whose order is not that of the places.
      const labels = places.map((_, place) => `task-${(place * 17) % 41}`);
      const told = places.flatMap(([first, second], place) => (first + second > 0 ? [place] : []));
      const sorted = told.toSorted(
        (a, b) => places[b]![0] - places[a]![0] || places[b]![1] - places[a]![1] || (labels[a]! < labels[b]! ? -1 : 1),
      );
      const found = findTop(
        {
          length: places.length,
          isTold: (place) => told.includes(place),
          ranks: [(place) => places[place]![0], (place) => places[place]![1]],
          labelOf: (place) => labels[place]!,
        },
        most,
      );
      expect(found).toEqual({ top: sorted.slice(0, most), others: told.length - Math.min(most, told.length) });
    }),
  );
});
