import { ANY_ONE, ANY_RUN, type Pattern, type PatternPart } from './pattern.ts';

/** A stretch of the filter's text. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A stretch that a person is helped by seeing in a colour of its own. */
export interface FilterToken extends Stretch {
  readonly kind: 'negation' | 'key' | 'text' | 'quoted' | 'wildcard' | 'or';
}

/** One of the values of a word: those between its `|`. */
export interface Alternative extends Stretch {
  /** What was written, without the quotes and escapes. */
  readonly text: string;
  readonly pattern: Pattern;
}

/** What stands between two blanks. */
export interface FilterWord extends Stretch {
  readonly negated: boolean;
  /** With the stretch of its name, the colon left out; undefined for a bare word. */
  readonly key: (Stretch & { readonly name: string }) | undefined;
  readonly alternatives: readonly Alternative[];
  /** A quote was opened and not closed. */
  readonly unclosed: boolean;
}

const BLANK = /\s/;
const KEY = /[a-z]+(?=:)/iy;

/**
 * Splits a filter's text into words.
 *
 * Shape: tokens and words in order and without overlap; what no token covers is blank.
 */
export function splitFilter(text: string): { readonly tokens: FilterToken[]; readonly words: FilterWord[] } {
  const tokens: FilterToken[] = [];
  const words: FilterWord[] = [];
  for (let at = 0; at < text.length; ) {
    if (BLANK.test(text[at]!)) at++;
    else {
      const word = readWord(text, at, tokens);
      words.push(word);
      at = word.to;
    }
  }
  return { tokens, words };
}

function readWord(text: string, from: number, tokens: FilterToken[]): FilterWord {
  let at = from;
  const negated = text[at] === '-';
  if (negated) tokens.push({ kind: 'negation', from: at, to: ++at });
  KEY.lastIndex = at;
  const name = KEY.exec(text)?.[0];
  const key = name === undefined ? undefined : { from: at, to: at + name.length, name: name.toLowerCase() };
  if (key !== undefined) {
    at = key.to + 1;
    tokens.push({ kind: 'key', from: key.from, to: at });
  }
  const reader = new ValueReader(text, at, tokens);
  return { from, to: reader.at, negated, key, alternatives: reader.alternatives, unclosed: reader.unclosed };
}

class ValueReader {
  at: number;
  unclosed = false;
  readonly alternatives: Alternative[] = [];
  private readonly text: string;
  private readonly tokens: FilterToken[];
  private from: number;
  private written = '';
  private pattern: PatternPart[] = [];

  constructor(text: string, at: number, tokens: FilterToken[]) {
    this.text = text;
    this.at = at;
    this.from = at;
    this.tokens = tokens;
    while (this.at < text.length && !BLANK.test(text[this.at]!)) this.readPart();
    this.endAlternative();
  }

  private readPart(): void {
    const from = this.at;
    const sign = this.text[from]!;
    if (sign === '|') {
      this.endAlternative();
      this.at++;
      this.from = this.at;
      this.tokens.push({ kind: 'or', from, to: this.at });
    } else if (sign === '*' || sign === '?') {
      this.at++;
      this.addWildcard(sign);
      this.tokens.push({ kind: 'wildcard', from, to: this.at });
    } else if (sign === '"') {
      this.readQuoted();
      this.tokens.push({ kind: 'quoted', from, to: this.at });
    } else {
      this.addLiteral(this.readLetter());
      const last = this.tokens[this.tokens.length - 1];
      if (last?.kind === 'text' && last.to === from) this.tokens[this.tokens.length - 1] = { ...last, to: this.at };
      else this.tokens.push({ kind: 'text', from, to: this.at });
    }
  }

  private readQuoted(): void {
    this.at++;
    // An empty quote is a text too: the empty one.
    this.addLiteral('');
    while (this.at < this.text.length && this.text[this.at] !== '"') this.addLiteral(this.readLetter());
    if (this.at < this.text.length) this.at++;
    else this.unclosed = true;
  }

  /** One character; behind a backslash whatever it is. */
  private readLetter(): string {
    if (this.text[this.at] === '\\' && this.at + 1 < this.text.length) this.at++;
    const letter = String.fromCodePoint(this.text.codePointAt(this.at)!);
    this.at += letter.length;
    return letter;
  }

  private addLiteral(letter: string): void {
    this.written += letter;
    const last = this.pattern.length - 1;
    const before = this.pattern[last];
    if (typeof before === 'string') this.pattern[last] = before + letter.toLowerCase();
    else if (letter !== '') this.pattern.push(letter.toLowerCase());
  }

  private addWildcard(sign: '*' | '?'): void {
    this.written += sign;
    if (sign === '?') this.pattern.push(ANY_ONE);
    else if (this.pattern[this.pattern.length - 1] !== ANY_RUN) this.pattern.push(ANY_RUN);
  }

  private endAlternative(): void {
    this.alternatives.push({ from: this.from, to: this.at, text: this.written, pattern: this.pattern });
    this.written = '';
    this.pattern = [];
  }
}
