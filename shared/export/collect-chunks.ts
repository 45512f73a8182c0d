const CHUNK = 1 << 16;

/** Joins many short texts to few long ones, for a file is written faster so; the whole may be longer than any string. */
export function* collectChunks(texts: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const text of texts) {
    chunk += text;
    if (chunk.length >= CHUNK) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}
