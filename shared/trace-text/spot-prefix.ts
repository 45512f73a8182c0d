import type { ByteText } from './decode-bytes.ts';
import { matchUnpadded } from './match-context.ts';
import { NUMBERED, PREFIXED, QUOTED } from './reject-reasons.ts';

/** What mails, editors and searches put before the lines of a text. */
const prefixes: readonly { readonly before: RegExp; readonly reason: string }[] = [
  { before: /^(?:> ?)+/, reason: QUOTED },
  { before: /^ *\d+(?::|\t)/, reason: NUMBERED },
  { before: /^\[ *\d+\.\d+\]/, reason: PREFIXED },
];

/**
 * The reason to refuse a line of a trace that was copied along with something before it; undefined where there is
 * nothing of the sort. Read as it stands, its task would bear the prefix as a part of its name.
 *
 * A line of the kernel starts with blanks, for no comm fills its column: this is asked only of lines that do not.
 */
export function spotPrefix(text: ByteText): string | undefined {
  for (const { before, reason } of prefixes) {
    const match = before.exec(text);
    if (match !== null && matchUnpadded(text.slice(match[0].length)) !== undefined) return reason;
  }
  return undefined;
}
