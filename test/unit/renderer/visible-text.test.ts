import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visibleSentence, visibleTask, visibleText } from '../../../renderer/widgets/visible-text.ts';

describe('a name that a stranger chose', () => {
  test.each([
    ['modprobe', 'modprobe'],
    ['', '(empty)'],
    [' lead', '␣lead'],
    ['trail  ', 'trail␣␣'],
    ['a   b', 'a ␣ b'],
    ['two\nlines', 'two\\nlines'],
    ['tab\tx', 'tab\\tx'],
    ['\u001b[31mred', '\\e[31mred'],
    ['evil\u202etxt.exe', 'evil\\u{202e}txt.exe'],
    ['zero\u200bwidth', 'zero\\u{200b}width'],
    ['nul\0', 'nul\\x00'],
    ['lone\ud800', 'lone\\u{d800}'],
    ['été', 'été'],
    ['日本', '日本'],
    ['<b>&amp;', '<b>&amp;'],
  ])('%j is shown as %j', (name, shown) => {
    expect(visibleText(name)).toBe(shown);
  });

  test('is never shown with a character that cannot be seen', () => {
    const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;
    const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(anything, (name) => {
        expect(visibleText(name)).not.toBe('');
        expect(visibleText(name)).not.toMatch(hidden);
        expect(visibleSentence(name)).not.toMatch(hidden);
      }),
    );
  });

  test('stands before its pid, where it has one', () => {
    expect(visibleTask('systemd-logind', 545)).toBe('systemd-logind-545');
    expect(visibleTask('', 165)).toBe('(empty)-165');
    expect(visibleTask('ext4', undefined)).toBe('ext4');
  });
});
