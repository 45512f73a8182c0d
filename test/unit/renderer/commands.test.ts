import { describe, expect, test } from 'vitest';
import { matchCommand } from '../../../renderer/commands/match-command.ts';
import { capsOf, nameKey } from '../../../renderer/commands/name-key.ts';

const pressed = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) =>
  nameKey({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

describe('a key has one name', () => {
  test('letters by themselves, with Shift, and with CapsLock on', () => {
    expect(pressed('a')).toBe('a');
    expect(pressed('A', { shiftKey: true })).toBe('Shift+A');
    expect(pressed('A')).toBe('a');
  });
  test('signs have their Shift in them already', () => {
    expect(pressed('?', { shiftKey: true })).toBe('?');
    expect(pressed('+', { shiftKey: true })).toBe('+');
  });
  test('Control and Meta are the same', () => {
    expect(pressed('s', { ctrlKey: true })).toBe('Ctrl+S');
    expect(pressed('k', { metaKey: true })).toBe('Ctrl+K');
    expect(pressed('ArrowUp', { altKey: true })).toBe('Alt+ArrowUp');
  });
  test('the caps to press', () => {
    expect(capsOf('Shift+A')).toEqual(['Shift', 'A']);
    expect(capsOf('+')).toEqual(['+']);
    expect(capsOf('Alt+ArrowUp')).toEqual(['Alt', '↑']);
  });
});

describe('a command is found by a few of its letters', () => {
  const best = (typed: string, ...names: string[]) =>
    names
      .flatMap((name) => {
        const match = matchCommand(name, typed);
        return match === undefined ? [] : [{ name, score: match.score }];
      })
      .sort((a, b) => b.score - a.score)[0]?.name;
  test('the beginnings of words go before letters anywhere', () => {
    expect(best('zh', 'Show hidden tracks', 'Zoom to the selected hold', 'Zoom in')).toBe('Zoom to the selected hold');
    expect(best('sh', 'Push it', 'Show hidden tracks')).toBe('Show hidden tracks');
  });
  test('letters that are not there, or not in this order, find nothing', () => {
    expect(matchCommand('Zoom in', 'nz')).toBeUndefined();
    expect(matchCommand('Zoom in', 'q')).toBeUndefined();
  });
  test('the letters that were found are named, to be marked', () => {
    expect(matchCommand('Zoom in', 'z in')?.places).toEqual([0, 5, 6]);
  });
  test('nothing typed finds everything', () => {
    expect(matchCommand('Zoom in', '')?.places).toEqual([]);
  });
});
