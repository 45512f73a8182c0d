import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { colourFilter } from '../../../renderer/filter/filter-colours.tsx';
import { hideStorm, isHidden, nameStorm, showStorm } from '../../../renderer/filter/hide-storm.ts';
import { settleFilter } from '../../../renderer/filter/settle-filter.ts';
import type { Storm } from '../../../shared/filter/find-storms.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';

const clock = { unit: 'nanoseconds', digits: 6, start: 0n } as const;

describe('a filter that is being written', () => {
  test('holds but for the word that ends at the caret', () => {
    expect(settleFilter('module:drm ta', 13)).toBe('module:drm');
    expect(settleFilter('module:drm ta event:get', 13)).toBe('module:drm event:get');
    expect(settleFilter('t', 1)).toBe('');
    expect(settleFilter('module:drm ', 11)).toBe('module:drm ');
    expect(settleFilter('task:"my ta', 11)).toBe('');
    expect(settleFilter('module:drm', 3)).toBe('module:drm');
  });

  test('is shown in colours without a letter too many or too few, whatever is written', () => {
    const text = fc.string({ unit: fc.constantFrom(...'am:-*?|"\\ .1\u202e'), maxLength: 30 });
    fc.assert(
      fc.property(text, (written) => {
        const pieces = colourFilter(parseFilter(written, clock));
        expect(pieces.map((piece) => piece.text).join('')).toBe(written);
        expect(pieces.every((piece) => piece.text !== '')).toBe(true);
      }),
    );
  });

  test('has what is wrong underlined and the rest coloured', () => {
    const pieces = colourFilter(parseFilter('-task:a* modul:x', clock));
    expect(pieces.map(({ text, kind, wrong }) => `${text} ${kind}${wrong ? ' wrong' : ''}`)).toEqual([
      '- negation',
      'task: key',
      'a text',
      '* wildcard',
      '  blank',
      'modul key wrong',
      ': key',
      'x text',
    ]);
  });
});

describe('hiding a storm', () => {
  const storm: Storm = { module: 'tun', callSite: 'misc_open', events: 900, share: 0.9, filter: '-module:tun' };

  test('adds its words, and showing it takes exactly them away', () => {
    const hidden = hideStorm('task:qemu ', storm);
    expect(hidden).toBe('task:qemu -module:tun');
    expect(isHidden(hidden, storm)).toBe(true);
    expect(showStorm(`${hidden} event:get`, storm)).toBe('task:qemu event:get');
    expect(showStorm(hideStorm('', storm), storm)).toBe('');
  });

  test('is not mistaken for words that only begin alike', () => {
    expect(isHidden('-module:tunnel4', storm)).toBe(false);
    expect(showStorm('-module:tunnel4', storm)).toBe('-module:tunnel4');
  });

  test('is named by what a person knows of it', () => {
    expect(nameStorm(storm)).toBe('tun via misc_open');
    expect(nameStorm({ module: 'binfmt_misc', callSite: 'bprm_execve' })).toBe('binfmt_misc at every exec');
  });
});
