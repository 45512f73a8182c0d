import { EventKind } from '../event-table/event-table.ts';
import type { ByteText } from './decode-bytes.ts';
import { COLOURED, NO_FIELDS } from './reject-reasons.ts';

/** What one of the five events says, as byte texts. */
export interface Payload {
  readonly kind: EventKind;
  /** Empty for a request. */
  readonly module: ByteText;
  /** As printed, brackets included; undefined for load and free. */
  readonly callSite: ByteText | undefined;
  readonly refcount: number;
  /** Taint letters of a load (none: undefined), alias of a request. */
  readonly detail: ByteText | undefined;
  readonly waits: boolean;
  /** Printed as `field=value`, as `trace-cmd report -R` does. */
  readonly raw: boolean;
}

/**
 * The kernel's own limit is 55 on 64-bit machines, 59 on others; for an alias that it requests, too.
 *
 * Source: include/linux/moduleparam.h MODULE_NAME_LEN; kernel/kmod.c __request_module.
 */
export const LONGEST_MODULE_NAME = 60;

const kinds: Readonly<Record<string, EventKind>> = {
  load: EventKind.load,
  free: EventKind.free,
  get: EventKind.get,
  put: EventKind.put,
  request: EventKind.request,
};

const EVENT_NAME = /^(?:module:)?module_(load|free|get|put|request):/;

/**
 * The event's kind and where its fields start; undefined where it is none of the five.
 *
 * trace-cmd pads the name to its widest, perf names the system before it.
 */
export function moduleEvent(text: ByteText): { readonly kind: EventKind; readonly fields: number } | undefined {
  const match = EVENT_NAME.exec(text);
  if (match === null) return undefined;
  let fields = match[0].length;
  while (text[fields] === ' ') fields++;
  return { kind: kinds[match[1]!]!, fields };
}

const ESCAPE = '\x1b';

/** An event of this sort under the colours of `grep --color` and the like. */
export function isColouredModuleEvent(text: ByteText): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal codes are what it takes away
  return text.includes(ESCAPE) && moduleEvent(text.replace(/\x1b\[[\d;]*[A-Za-z]/g, '')) !== undefined;
}

/** Kernels that lose the fields lose the line end with them: the next line follows at once. */
const GLUED = /: module_(?:load|free|get|put|request):/;

/**
 * Reads the fields of an event; from the right, because a module's name may hold anything.
 *
 * Errors: a string that says what is wrong.
 * Source: include/trace/events/module.h TP_printk of module_load, module_free, module_refcnt and module_request; the
 * forms with `name=` are what `trace-cmd report -R` makes of the same records.
 */
export function readPayload(kind: EventKind, text: ByteText): Payload | string {
  // Whoever copies from a terminal copies blanks with it. Behind a load's name the kernel prints one itself.
  const payload = readFields(kind, trimBlanks(text, kind === EventKind.load ? 1 : 0));
  if (payload === undefined)
    return GLUED.test(text) || text.trim() === '' ? NO_FIELDS : 'the fields are not those of this event';
  const name = kind === EventKind.request ? payload.detail! : payload.module;
  if (name.includes(ESCAPE) || payload.callSite?.includes(ESCAPE)) return COLOURED;
  if (name.length > LONGEST_MODULE_NAME) return 'the name is longer than a module name can be';
  return payload;
}

/** Takes away the blanks at the end where there are more than the kernel prints. */
function trimBlanks(text: ByteText, printed: number): ByteText {
  let end = text.length;
  while (text[end - 1] === ' ') end--;
  return text.length - end > printed ? text.slice(0, end) : text;
}

function readFields(kind: EventKind, text: ByteText): Payload | undefined {
  switch (kind) {
    case EventKind.load:
      return readLoad(text);
    case EventKind.free: {
      const raw = text.startsWith('name=');
      const module = raw ? text.slice(5) : text;
      return module === '' ? undefined : namedPayload(kind, module, undefined, raw);
    }
    case EventKind.request:
      return readRequest(text);
    default:
      return readRefcount(kind, text);
  }
}

function readLoad(text: ByteText): Payload | undefined {
  const raw = /^taints=(0x[0-9a-f]{1,16}|\d{1,20}) name=/.exec(text);
  const space = text.lastIndexOf(' ');
  const last = text.slice(space + 1);
  let module = text;
  let taints = '';
  if (raw !== null) {
    module = text.slice(raw[0].length);
    taints = taintLetters(BigInt(raw[1]!));
  } else if (space > 0 && /^[A-Z]{0,8}(?:0x[0-9a-f]{1,16})?$/.test(last)) {
    module = text.slice(0, space);
    taints = last;
  }
  if (module === '') return undefined;
  return namedPayload(EventKind.load, module, taints === '' ? undefined : taints, raw !== null);
}

function namedPayload(kind: EventKind, module: ByteText, detail: ByteText | undefined, raw: boolean): Payload {
  return { kind, module, callSite: undefined, refcount: 0, detail, waits: false, raw };
}

const REFCOUNT_AT_END = / refcnt=(-?\d{1,10})$/;
const RAW_REFCOUNT = /^ip=(\S+(?: \[[^\]]*\])?) refcnt=(-?\d{1,10}) name=/;

function readRefcount(kind: EventKind, text: ByteText): Payload | undefined {
  const raw = RAW_REFCOUNT.exec(text);
  if (raw !== null) return refcountPayload(kind, text.slice(raw[0].length), raw[1]!, raw[2]!, true);
  const end = REFCOUNT_AT_END.exec(text);
  if (end === null) return undefined;
  const site = text.lastIndexOf(' call_site=', end.index);
  if (site < 0) return undefined;
  return refcountPayload(kind, text.slice(0, site), text.slice(site + 11, end.index), end[1]!, false);
}

function refcountPayload(
  kind: EventKind,
  module: ByteText,
  callSite: ByteText,
  digits: string,
  raw: boolean,
): Payload | undefined {
  const refcount = Number(digits);
  if (module === '' || callSite === '' || refcount !== (refcount | 0)) return undefined;
  return { kind, module, callSite, refcount: refcount | 0, detail: undefined, waits: false, raw };
}

const RAW_REQUEST = /^ip=(\S+(?: \[[^\]]*\])?) wait=([01]) name=/;
const WAIT_AND_SITE = / wait=([01]) call_site=([^=\n]+)$/;

/** Whether a request's name has ended: what the kernel prints behind it stands there. */
export function endsRequest(fields: ByteText): boolean {
  return WAIT_AND_SITE.test(fields);
}

/** How long the name is that such fields ask for. */
export function requestedLength(fields: ByteText): number {
  return WAIT_AND_SITE.exec(fields)?.index ?? 0;
}

function readRequest(text: ByteText): Payload | undefined {
  const raw = RAW_REQUEST.exec(text);
  const match = raw ?? WAIT_AND_SITE.exec(text);
  if (match === null) return undefined;
  const alias = raw === null ? text.slice(0, match.index) : text.slice(raw[0].length);
  if (alias === '') return undefined;
  const callSite = raw === null ? match[2]! : raw[1]!;
  const waits = (raw === null ? match[1] : raw[2]) === '1';
  return { kind: EventKind.request, module: '', callSite, refcount: 0, detail: alias, waits, raw: raw !== null };
}

/** Taint bits as letters, in the kernel's order. Source: include/trace/events/module.h show_module_flags. */
function taintLetters(bits: bigint): string {
  let rest = bits;
  let letters = '';
  for (const [bit, letter] of taintBits) {
    if ((rest & (1n << bit)) === 0n) continue;
    letters += letter;
    rest &= ~(1n << bit);
  }
  return rest === 0n ? letters : `${letters}0x${rest.toString(16)}`;
}

const taintBits: readonly (readonly [bigint, string])[] = [
  [0n, 'P'],
  [12n, 'O'],
  [1n, 'F'],
  [10n, 'C'],
  [13n, 'E'],
];
