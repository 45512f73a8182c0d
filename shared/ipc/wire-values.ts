import * as v from 'valibot';

/** The checks that several parts of the contract are made of. */
export const nothing = v.null();
export const text = (maxLength: number) => v.pipe(v.string(), v.maxLength(maxLength));
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const problem = v.strictObject({ what: text(8192), why: text(8192), remedy: text(8192) });

/** Numbers one stream of text to the page, so that late chunks of a cancelled one are told from those of the next. */
export const trace = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 31 - 1));

/** A text that begins to be sent: `trace.chunk` until its `last`, or one `trace.failed`; or why there is none. */
export const openedTrace = v.variant('ok', [
  v.strictObject({ ok: v.literal(true), trace, name: text(255), bytes: count }),
  v.strictObject({ ok: v.literal(false), problem }),
]);

/**
 * The same, but where there is a `grant` nothing is sent in frames, unless `trace.failed`: a GET with it has the bytes,
 * once (`granted-bytes.ts`).
 */
export const openedFile = v.variant('ok', [
  v.strictObject({
    ...openedTrace.options[0].entries,
    grant: v.exactOptional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/))),
  }),
  openedTrace.options[1],
]);

/** Something done, or why it was not. */
export const done = v.variant('ok', [
  v.strictObject({ ok: v.literal(true) }),
  v.strictObject({ ok: v.literal(false), problem }),
]);

/** A file the host offers. The page names it by this ticket alone: it never sends a path. */
export const ticket = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}$/, 'not a ticket'));

export const offer = v.strictObject({
  ticket,
  /** The file's name without its folder, to be shown. */
  name: text(255),
  /** The folder, or a sentence about a sample: to be shown, never to be opened. */
  about: text(4096),
  origin: v.picklist(['command-line', 'dialog', 'sample', 'recent', 'session']),
  bytes: count,
});
