import { describe, expect, test } from 'vitest';
import { accountFor } from '../../../shared/analysis/account-for.ts';
import { analyse } from '../../../shared/analysis/analyse.ts';
import { makeTable } from '../../support/make-table.ts';

/** The sum of vkms after each of these tasks has opened its device once. */
function sumOf(tasks: readonly string[]): string {
  const opens = tasks.map((task, i) => `${200 + i} ${task} get vkms drm_stub_open ${i + 2}`);
  const table = makeTable(
    ['100 modprobe-7 load vkms', '110 modprobe-7 put vkms do_init_module 1', ...opens].join('\n'),
  );
  return accountFor(analyse(table), 'vkms', table.time[table.length - 1]!).arithmetic;
}

const tasks = (comm: string, count: number) => Array.from({ length: count }, (_, i) => `${comm}-${1000 + i}`);

describe('a module that many tasks of one name hold', () => {
  test('a few are told one by one', () => {
    expect(sumOf(tasks('chrome', 2))).toBe('vkms: 2 references = 1 file of chrome-1000 + 1 file of chrome-1001');
  });

  test('many are told as one, with their number, and whoever else holds it beside them', () => {
    expect(sumOf([...tasks('chrome', 50), 'Xorg-9'])).toBe(
      'vkms: 51 references = 50 files of chrome (50 tasks) + 1 file of Xorg',
    );
  });

  test('many of many names are counted where they would fill the panel', () => {
    const many = Array.from({ length: 12 }, (_, i) => `worker${i}-${1000 + i}`);
    expect(sumOf(many)).toMatch(/ \+ 1 file of worker6 \+ 5 of 5 other holders$/);
  });
});
