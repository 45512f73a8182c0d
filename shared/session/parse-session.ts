import * as v from 'valibot';
import type { Problem } from '../problem.ts';
import { MOST_COMMANDS, MOST_MODULES, MOST_NOTES, SESSION_VERSION, type Session, sessionFields } from './session.ts';
import { type RawSession, upgradeSession } from './upgrade-session.ts';

/** A session, and what of its file was not taken; or why there is none. */
export type SessionOutcome =
  | {
      readonly ok: true;
      readonly session: Session;
      /** The fields that were not what they must be, by name: `markers.a`, `2 of notes`. */
      readonly ignored: readonly string[];
    }
  | { readonly ok: false; readonly problem: Problem };

/** No session is longer. */
export const LONGEST_SESSION = 8 * 1024 * 1024;

/**
 * Reads a session file of this or an earlier version.
 *
 * Errors: a field that is not what it must be is left out and named; the others hold.
 */
export function parseSession(text: string): SessionOutcome {
  const raw = text.length > LONGEST_SESSION ? undefined : readObject(text);
  if (raw === undefined || raw['format'] !== 'modshark-session') return { ok: false, problem: noSession };
  const { version } = raw;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    return { ok: false, problem: noSession };
  if (version > SESSION_VERSION) return { ok: false, problem: tooNew(version) };
  const reader = new FieldReader();
  const session = readSession(upgradeSession(raw, version), reader);
  return { ok: true, session, ignored: reader.ignored };
}

function readSession(raw: RawSession, read: FieldReader): Session {
  const recording = read.part(raw, 'recording');
  const view = read.part(raw, 'view');
  const markers = read.part(raw, 'markers');
  const { name, path, sha256, time, window, module, flag, buffer, filter, note, command } = sessionFields;
  const commands = read.list(raw, 'commands', command, MOST_COMMANDS);
  return {
    recording: {
      name: read.field(recording, 'recording.name', name) ?? '',
      path: read.field(recording, 'recording.path', path),
      sha256: read.field(recording, 'recording.sha256', sha256),
    },
    view: {
      window: read.field(view, 'view.window', window),
      cursor: read.field(view, 'view.cursor', time),
      module: read.field(view, 'view.module', module),
      order: read.list(view, 'view.order', module, MOST_MODULES),
      pinned: read.list(view, 'view.pinned', module, MOST_MODULES),
      hidden: read.list(view, 'view.hidden', module, MOST_MODULES),
      onlyHeld: read.field(view, 'view.onlyHeld', flag),
      grouped: read.field(view, 'view.grouped', flag),
      buffer: read.field(view, 'view.buffer', buffer),
    },
    filter: read.field(raw, 'filter', filter) ?? '',
    markers: { a: read.field(markers, 'markers.a', time), b: read.field(markers, 'markers.b', time) },
    notes: read.list(raw, 'notes', note, MOST_NOTES),
    ...(commands.length === 0 ? {} : { commands }),
  };
}

/** Takes fields one by one, so that a bad one costs nothing but itself. A field that is not there is no bad one. */
class FieldReader {
  readonly ignored: string[] = [];

  /** An object within the object; an empty one where there is none. */
  part(from: RawSession, name: string): RawSession {
    const value = from[name];
    if (isObject(value)) return value;
    if (value !== undefined) this.ignored.push(name);
    return {};
  }

  field<Value>(from: RawSession, path: string, schema: v.GenericSchema<unknown, Value>): Value | undefined {
    const value = valueAt(from, path);
    if (value === undefined) return undefined;
    const parsed = v.safeParse(schema, value);
    if (parsed.success) return parsed.output;
    this.ignored.push(path);
    return undefined;
  }

  list<Value>(from: RawSession, path: string, schema: v.GenericSchema<unknown, Value>, most: number): Value[] {
    const value = valueAt(from, path);
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.ignored.push(path);
      return [];
    }
    const taken = value.slice(0, most).flatMap((entry: unknown) => {
      const parsed = v.safeParse(schema, entry);
      return parsed.success ? [parsed.output] : [];
    });
    if (taken.length < value.length) this.ignored.push(`${value.length - taken.length} of ${path}`);
    return taken;
  }
}

/** The value of the last name of a path: `markers.a` of the object `markers`. */
function valueAt(from: RawSession, path: string): unknown {
  return from[path.slice(path.lastIndexOf('.') + 1)];
}

function readObject(text: string): RawSession | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is RawSession {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const noSession: Problem = {
  what: 'This is no session of ModShark.',
  why: 'A session is a JSON file that begins with "format": "modshark-session" and its version.',
  remedy: 'Open the recording itself instead.',
};

function tooNew(version: number): Problem {
  return {
    what: 'This session was saved by a newer ModShark.',
    why: `It has version ${version} of the format; this program reads versions up to ${SESSION_VERSION}.`,
    remedy: 'Open it with the newer program, or open the recording itself.',
  };
}
