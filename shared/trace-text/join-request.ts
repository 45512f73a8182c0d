import type { ByteText } from './decode-bytes.ts';
import type { LineContext } from './match-context.ts';
import { endsRequest, LONGEST_MODULE_NAME, requestedLength } from './read-payload.ts';

/**
 * A request whose name has not ended with its line: a name may hold line ends, and any user can have the kernel ask for
 * a module of nearly any name.
 *
 * Source: alg_bind in crypto/af_alg.c and crypto_larval_lookup in crypto/api.c; get_fs_type in fs/filesystems.c.
 */
export interface OpenRequest {
  readonly context: LineContext;
  readonly text: ByteText;
  /** Where its fields begin. */
  readonly fields: number;
  readonly lossBuffer: string | undefined;
  /** The lines that it is made of so far; they count as rejected until it ends. */
  readonly lines: readonly number[];
  /** Those behind its first event line, to be read by themselves where it never ends. */
  readonly held: readonly { readonly raw: ByteText; readonly line: number }[];
  /**
   * Its first line was whole, and has been read: a name may imitate the end of its own line, and then what seems to
   * stand behind the request is the rest of it.
   */
  readonly told: boolean;
}

/**
 * Joins a line to the request before it, whatever the line says of itself. Neither `ended` nor `goesOn` where the name
 * would be longer than any can be: then it was no such request, or ended where it seemed to.
 */
export function joinRequest(
  open: OpenRequest,
  raw: ByteText,
  line: number,
): { readonly ended?: ByteText; readonly goesOn?: OpenRequest } {
  const text = `${open.text}\n${raw}`;
  const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
  const fields = whole.slice(open.fields);
  if (endsRequest(fields) && !(open.told && requestedLength(fields) > LONGEST_MODULE_NAME)) return { ended: whole };
  if (text.length - open.fields > LONGEST_MODULE_NAME) return {};
  return { goesOn: { ...open, text, lines: [...open.lines, line], held: [...open.held, { raw, line }] } };
}
