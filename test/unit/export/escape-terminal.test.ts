import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { escapeJson } from '../../../shared/export/escape-json.ts';
import { escapeTerminal } from '../../../shared/export/escape-terminal.ts';
import { whyJson } from '../../../shared/export/why-json.ts';
import type { SystemSnapshot } from '../../../shared/snapshot/system-snapshot.ts';
import { TREACHEROUS } from '../../../shared/treacherous-characters.ts';

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

test('JSON says the same to a program, and to a terminal nothing', () => {
  const names = { comm: '\u009b2J\u001b[2J\u202egnp\u{e0041}\ue000\n', ['\u200bkey\u007f']: ['ä€😀'] };
  const json = escapeJson(JSON.stringify(names, undefined, 2));
  expect(JSON.parse(json)).toEqual(names);
  expect(json.replaceAll('\n', '').match(TREACHEROUS)).toBeNull();
  expect(json).toContain('ä€😀');
});

test('the answer for programs hands no name that others chose to the terminal as it is', () => {
  const name = '\u009b2J';
  const snapshot = { kernel: name, began: 0n, ended: 0n, asRoot: true, unseen: [] } as unknown as SystemSnapshot;
  expect(whyJson([], snapshot, undefined)).not.toMatch(/\u009b/);
  expect(JSON.parse(whyJson([], snapshot, undefined))).toMatchObject({ snapshot: { kernel: name } });
});
