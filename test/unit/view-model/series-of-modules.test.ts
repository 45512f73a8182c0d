import { expect, test } from 'vitest';
import { createTraceReader } from '../../../shared/trace-text/trace-reader.ts';
import type { ReferenceSeries } from '../../../shared/view-model/reference-series.ts';
import { type SeriesOfModules, seriesOfModules } from '../../../shared/view-model/series-of-modules.ts';
import { Chance } from '../../support/mutate-text.ts';

const print = (module: string, cpu: number, microseconds: number, refcount: number) =>
  `            cat-700     [00${cpu}] ..... ${(microseconds / 1e6).toFixed(6).padStart(12)}: module_get: ${module} call_site=chrdev_open refcnt=${refcount}\n`;

const bytesOf = (text: string) => new TextEncoder().encode(text);

const write = ({ rows, values, levels, max }: ReferenceSeries) =>
  [rows, values, ...levels.flatMap((level) => [level.min, level.max]), [max]].map((column) => column.join()).join('\n');

test('The refcount lines of a recording that grows are those of a recording that is read at once', () => {
  const chance = new Chance(7);
  const reader = createTraceReader();
  let grown: SeriesOfModules | undefined;
  let time = 1_000_000;
  for (let look = 0; look < 40; look++) {
    let text = '';
    // Every other time one module is silent, and now and then a CPU's events come late, among those that were shown.
    const modules = ['drm', 'vkms', 'tun'].slice(0, 2 + (look % 2));
    for (let line = 0; line < 300; line++) {
      time += 5;
      const isLate = look % 8 === 7 && line > 290;
      text += print(chance.pick(modules), isLate ? 1 : 0, isLate ? time - 2_000 : time, 1 + chance.below(9));
    }
    reader.push(bytesOf(text));
    const { table } = reader.soFar();
    const before = grown;
    grown = seriesOfModules(table, before);
    const anew = seriesOfModules(table);
    for (const [module] of table.modules.entries()) expect(write(grown.of(module))).toBe(write(anew.of(module)));
    // What is shown of before stays as it was.
    if (before !== undefined)
      for (const [module] of before.table.modules.entries())
        expect(write(before.of(module))).toBe(write(seriesOfModules(before.table).of(module)));
  }
});

test('Of a module without a new event nothing is made anew', () => {
  const reader = createTraceReader();
  const lines = Array.from({ length: 100 }, (_, line) => print('drm', 0, 1_000_010 + line, 2 + line));
  reader.push(bytesOf([print('vkms', 0, 1_000_000, 2), ...lines].join('')));
  const before = seriesOfModules(reader.soFar().table);
  reader.push(bytesOf(print('drm', 0, 1_000_200, 7)));
  const grown = seriesOfModules(reader.soFar().table, before);
  expect(grown.of(0)).toBe(before.of(0));
  expect(grown.of(1).values.length).toBe(101);
  expect(grown.of(1).values[100]).toBe(6);
});
