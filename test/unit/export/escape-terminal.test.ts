import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeTerminal } from '../../../shared/export/escape-terminal.ts';

describe('names that strangers chose, on a terminal', () => {
  it('cannot colour, move the cursor or ring', () => {
    expect(escapeTerminal('\x1b[31mred\x07')).toBe('\\x1b[31mred\\x07');
    expect(escapeTerminal('two\nlines\ttab')).toBe('two\\x0alines\\x09tab');
    expect(escapeTerminal('\x9b31m')).toBe('\\x9b31m');
  });

  it('cannot turn the direction of writing or hide', () => {
    expect(escapeTerminal('a\u202eb\u200bc\ufeffd')).toBe('a\\u{202e}b\\u{200b}c\\u{feff}d');
  });

  it('cannot pretend to be escaped, and are otherwise left as they are', () => {
    expect(escapeTerminal('\\x1b')).toBe('\\\\x1b');
    expect(escapeTerminal('été kworker/0:1 (sd-pam) [x]')).toBe('été kworker/0:1 (sd-pam) [x]');
  });

  it('whatever they are, are printed without a control character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeTerminal(text)).not.toMatch(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u);
      }),
    );
  });
});
