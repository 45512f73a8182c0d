import { type ByteText, decodeText } from '../trace-text/decode-bytes.ts';

/** Fields that each end in a NUL, which nothing that the kernel names can hold. */
export function splitFields(text: ByteText): ByteText[] {
  const fields = text.split('\0');
  if (fields.at(-1) === '') fields.pop();
  return fields;
}

/** Names that each end in a slash, which is in no name of a file. */
export function splitNames(text: ByteText): string[] {
  return text
    .split('/')
    .filter((name) => name !== '')
    .map(decodeText);
}

/** Groups of so many fields; a last one that is cut short is left out. */
export function groupFields(fields: readonly ByteText[], size: number): ByteText[][] {
  const groups: ByteText[][] = [];
  for (let at = 0; at + size <= fields.length; at += size) groups.push(fields.slice(at, at + size));
  return groups;
}

/** A whole number as the kernel prints it; undefined for anything else. */
export function readNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,20}$/.test(text) ? Number(text) : undefined;
}

/** `545:7 560:7`: a process and its descriptor. */
export function readDescriptors(text: ByteText): { pid: number; fd: number }[] {
  const found: { pid: number; fd: number }[] = [];
  for (const word of text.split(' ')) {
    const match = /^(\d{1,10}):(\d{1,10})$/.exec(word);
    if (match !== null) found.push({ pid: Number(match[1]), fd: Number(match[2]) });
  }
  return found;
}

/**
 * A name in a file of lines, where the kernel writes blanks, newlines and backslashes as `\040`.
 *
 * Source: mangle_path in fs/seq_file.c.
 */
export function unescapeOctal(text: ByteText): string {
  if (!text.includes('\\')) return decodeText(text);
  return decodeText(
    text.replace(/\\([0-3][0-7][0-7])/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))),
  );
}
