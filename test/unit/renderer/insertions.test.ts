import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { harmlessLine } from '../../../renderer/terminal/harmless-line.ts';
import { insertionsFor } from '../../../renderer/terminal/insertions.ts';

const treacherous = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe('what is put into the terminal’s line', () => {
  test('is about the selected module', () => {
    expect(insertionsFor('snd_hda-intel').map(({ command }) => command)).toEqual([
      'sudo modprobe snd_hda-intel',
      'sudo modprobe -r snd_hda-intel',
      'sudo insmod ./snd_hda-intel.ko',
    ]);
  });
  test.each([undefined, '', '-rf', 'a b', 'x;reboot', '$(reboot)', '../x', 'x\ny'])(
    'is nothing about %j, which is no module’s name',
    (module) => {
      expect(insertionsFor(module)).toEqual([]);
    },
  );
  test('runs nothing: whatever the text, no control character of it is left', () => {
    expect(harmlessLine('sudo modprobe -r vkms\n')).toBe('sudo modprobe -r vkms');
    expect(harmlessLine('one\r\ntwo\u001b[A\u202ethree')).toBe('one two [Athree');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0x2fff }), { maxLength: 60 }), (codes) => {
        const text = String.fromCodePoint(...codes);
        expect(treacherous.test(harmlessLine(text))).toBe(false);
      }),
    );
  });
});
