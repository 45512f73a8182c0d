import { expect, test } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { createHolderGraphs } from '../../../shared/graph/create-holder-graphs.ts';
import { makeTable } from '../../support/make-table.ts';

/** So many tasks that open and close one after the other. */
function openOneAfterTheOther(count: number) {
  const lines = ['100 insmod-1 load drm', '101 insmod-1 put drm do_init_module 1'];
  for (let i = 0; i < count; i++)
    lines.push(
      `${200 + 10 * i} t${i}-${40 + i} get drm misc_open 2`,
      `${205 + 10 * i} t${i}-${40 + i} put drm misc_release 1`,
    );
  const graphs = createHolderGraphs(analyse(makeTable(lines.join('\n'))));
  return (time: number, ended = false) =>
    graphs.at({ time: time - 100, ended, centre: undefined, hops: 'all', expanded: [] });
}

test('holders that follow one another sit in one place, so a long recording makes no large picture', () => {
  const ask = openOneAfterTheOther(300);
  const places = [0, 100, 299].map((i) => ask(202 + 10 * i).places);
  expect(places[1]).toEqual(places[0]);
  expect(places[2]).toEqual(places[0]);
  expect(ask(202).height).toBeLessThan(120);
});

test('with what has ended in the picture, each has its own place', () => {
  const ask = openOneAfterTheOther(30);
  const picture = ask(202 + 290, true);
  expect(new Set(picture.places.map(({ x, y }) => `${x} ${y}`)).size).toBe(31);
});
