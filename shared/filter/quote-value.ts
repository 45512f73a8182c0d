/** Every sign that means nothing to a filter. */
const PLAIN = /^[\w.+/@#%=,;<>()[\]{}^~'!$&][\w.+/@#%=,;<>()[\]{}^~'!$&-]*$/;

/**
 * Writes a name so that a filter reads it as itself: quoted where it holds a blank or a sign that means something, with
 * a `?` for what no line of text can hold.
 */
export function quoteValue(name: string): string {
  if (name === '') return '""';
  if (PLAIN.test(name)) return name;
  return Array.from(name.matchAll(/[\p{Cc}\p{Zl}\p{Zp}]|[^\p{Cc}\p{Zl}\p{Zp}]+/gu), ([part]) =>
    /^[\p{Cc}\p{Zl}\p{Zp}]/u.test(part) ? '?' : `"${part.replace(/["\\]/g, '\\$&')}"`,
  ).join('');
}
