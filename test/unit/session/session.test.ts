import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSession, type SessionOutcome } from '../../../shared/session/parse-session.ts';
import { printSession } from '../../../shared/session/print-session.ts';
import { SESSION_VERSION, type Session } from '../../../shared/session/session.ts';
import { type SessionUpgrade, upgradeSession } from '../../../shared/session/upgrade-session.ts';

const kept = new URL('../../fixtures/sessions/', import.meta.url);

const investigation: Session = {
  recording: {
    name: 'vkms-held-by-logind.report.txt',
    path: '/home/ada/traces/vkms-held-by-logind.report.txt',
    sha256: 'b5302f83ce46639d33c2378d595f8f9720221fba1da9f7ed18df69e7510691d4',
  },
  view: {
    window: { from: 100_000_000, to: 170_000_000.5 },
    cursor: 166_873_000,
    module: 'vkms',
    order: ['vkms', 'drm'],
    pinned: ['vkms'],
    hidden: ['sysimgblt'],
  },
  filter: 'module:drm* task:systemd* -event:request',
  markers: { a: 160_255_000, b: 166_873_000 },
  notes: [{ time: 166_873_000, text: 'logind opens the card as soon as it appears' }],
};

// biome-ignore lint/suspicious/noExplicitAny: a file edited by hand may hold anything
type RawFile = Record<string, any>;

/** The outcome when some of the file was changed by hand. */
function afterEdit(edit: (file: RawFile) => void): SessionOutcome {
  const file = JSON.parse(printSession(investigation));
  edit(file);
  return parseSession(JSON.stringify(file));
}

describe('a session file', () => {
  test('of version 1 still opens, and says what was saved in it', () => {
    const text = readFileSync(new URL('version-1.modshark.json', kept), 'utf8');
    expect(parseSession(text)).toEqual({ ok: true, session: investigation, ignored: [] });
  });

  test('of a recording with several trace buffers says which of them was looked at', () => {
    const text = readFileSync(new URL('version-1-with-buffer.modshark.json', kept), 'utf8');
    const view = { ...investigation.view, onlyHeld: true, grouped: false, buffer: 'kslite' };
    expect(parseSession(text)).toEqual({ ok: true, session: { ...investigation, view }, ignored: [] });
  });

  test('with commands of the terminal says what was run', () => {
    const text = readFileSync(new URL('version-1-with-commands.modshark.json', kept), 'utf8');
    const commands = [
      { from: 100_000_000, until: 117_500_000, line: 'sudo modprobe vkms', exitCode: 0 },
      { from: 150_000_000, line: '' },
    ];
    expect(parseSession(text)).toEqual({ ok: true, session: { ...investigation, commands }, ignored: [] });
    const reordered = text.replace('"exitCode": 0', '"exitCode": "none"');
    expect(parseSession(reordered)).toMatchObject({ ok: true, ignored: ['1 of commands'] });
  });

  test('is kept of every version there was', () => {
    const versions = readdirSync(kept).map((name) => JSON.parse(readFileSync(new URL(name, kept), 'utf8')).version);
    expect([...new Set(versions)].sort()).toEqual(Array.from({ length: SESSION_VERSION }, (_, i) => i + 1));
  });

  test('says the same after it was written and read', () => {
    const time = fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((number) => (Object.is(number, -0) ? 0 : number));
    const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
    const name = fc.string({ minLength: 1, maxLength: 56, unit: 'grapheme' });
    const names = fc.array(name, { maxLength: 5 });
    const session: fc.Arbitrary<Session> = fc.record({
      recording: fc.record({
        name: fc.string(),
        path: maybe(name),
        sha256: maybe(fc.stringMatching(/^[0-9a-f]{64}$/)),
      }),
      view: fc.record({
        window: maybe(
          fc
            .tuple(time, time)
            .filter(([from, to]) => from < to)
            .map(([from, to]) => ({ from, to })),
        ),
        cursor: maybe(time),
        module: maybe(name),
        order: names,
        pinned: names,
        hidden: names,
        onlyHeld: maybe(fc.boolean()),
        buffer: maybe(fc.string({ maxLength: 20 })),
      }),
      filter: fc.string({ unit: 'binary' }),
      markers: fc.record({ a: maybe(time), b: maybe(time) }),
      notes: fc.array(fc.record({ time, text: fc.string({ minLength: 1 }) }), { maxLength: 4 }),
      commands: maybe(
        fc.array(
          fc.record({
            from: time,
            until: maybe(time),
            line: fc.string(),
            exitCode: maybe(fc.integer({ min: 0, max: 255 })),
          }),
          { minLength: 1, maxLength: 4 },
        ),
      ),
    });
    fc.assert(
      fc.property(session, (saved) => {
        expect(parseSession(printSession(saved))).toEqual({ ok: true, session: saved, ignored: [] });
      }),
    );
  });

  test('loses nothing but the field that is bad', () => {
    const { view, markers } = investigation;
    const edits: [string, (file: RawFile) => void, Partial<Session>][] = [
      ['view.cursor', (file) => (file['view'].cursor = 'now'), { view: { ...view, cursor: undefined } }],
      ['view.window', (file) => (file['view'].window = { from: 5, to: 3 }), { view: { ...view, window: undefined } }],
      ['1 of view.order', (file) => (file['view'].order = ['vkms', 7, 'drm']), {}],
      ['markers.b', (file) => (file['markers'].b = null), { markers: { ...markers, b: undefined } }],
      ['notes', (file) => (file['notes'] = 'none'), { notes: [] }],
      ['2 of notes', (file) => file['notes'].push({ time: 1 }, { time: 1, text: '' }), {}],
      [
        'recording.sha256',
        (file) => (file['recording'].sha256 = '../etc'),
        { recording: { ...investigation.recording, sha256: undefined } },
      ],
      ['filter', (file) => (file['filter'] = {}), { filter: '' }],
    ];
    for (const [field, edit, left] of edits)
      expect(afterEdit(edit), field).toEqual({ ok: true, session: { ...investigation, ...left }, ignored: [field] });
  });

  test('with parts that are missing or of another sort is read as far as it goes', () => {
    expect(afterEdit((file) => (file['view'] = []))).toMatchObject({
      ok: true,
      ignored: ['view'],
      session: { filter: investigation.filter },
    });
    expect(parseSession('{"format":"modshark-session","version":1}')).toMatchObject({
      ok: true,
      ignored: [],
      session: { recording: { name: '' }, notes: [], filter: '' },
    });
  });

  test('of a newer version is refused with a reason', () => {
    const outcome = afterEdit((file) => (file['version'] = SESSION_VERSION + 1));
    expect(outcome).toMatchObject({ ok: false, problem: { what: 'This session was saved by a newer ModShark.' } });
  });

  test('that is none is refused, whatever it is', () => {
    for (const text of [
      '',
      'module_get: drm',
      '[]',
      'null',
      '{"version":1}',
      '{"format":"modshark-session"}',
      '{"format":"modshark-session","version":"1"}',
    ])
      expect(parseSession(text), text).toMatchObject({
        ok: false,
        problem: { what: 'This is no session of ModShark.' },
      });
    fc.assert(fc.property(fc.json(), (text) => void expect(parseSession(text).ok).toBe(false)));
  });

  test('holds no more notes than anybody writes', () => {
    const outcome = afterEdit(
      (file) => (file['notes'] = Array.from({ length: 2_500 }, (_, time) => ({ time, text: 'x' }))),
    );
    expect(outcome).toMatchObject({ ok: true, ignored: ['500 of notes'] });
    expect(outcome.ok && outcome.session.notes.length).toBe(2_000);
  });
});

test('an old session goes through the upgrades of every version since', () => {
  const upgrades: SessionUpgrade[] = [2, 3, 4].map((to) => (raw) => ({ ...raw, went: `${raw['went'] ?? ''}→${to}` }));
  expect(upgradeSession({}, 1, upgrades)).toEqual({ went: '→2→3→4' });
  expect(upgradeSession({}, 3, upgrades)).toEqual({ went: '→4' });
  expect(upgradeSession({}, 4, upgrades)).toEqual({});
});
