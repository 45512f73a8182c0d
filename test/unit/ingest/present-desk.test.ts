import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../renderer/ingest/engine.ts';
import { editSnapshot, withRefcounts } from '../../support/edit-snapshot.ts';
import { readSnapshotBytes, readSnapshotFixture } from '../../support/read-snapshot-fixture.ts';

const session = readSnapshotBytes('graphical-session');
const ascii = (text: string) => new TextEncoder().encode(text);

const { ended } = readSnapshotFixture('graphical-session').snapshot;
/** The trace clock is that of the look. Units: seconds from the end of the look. */
const at = (seconds: number) => (Number(ended) / 1e9 + seconds).toFixed(6);
const recorded = `          insmod-101   [000] .....    ${at(-4)}: module_load: vkms OE
            Xorg-118   [001] .....    ${at(-1)}: module_get: vkms call_site=drm_stub_open refcnt=3
            Xorg-118   [001] .....    ${at(90)}: module_put: vkms call_site=drm_release refcnt=2
`;

async function recordedEngine() {
  const engine = createEngine();
  engine.push(ascii(recorded));
  expect((await engine.finish('recorded')).ok).toBe(true);
  return engine;
}

describe('the part of the worker that knows the running system', () => {
  test('reads a look in any pieces, and answers of it without a recording', () => {
    const whole = createEngine().present.read([session], false);
    const pieces = Array.from({ length: Math.ceil(session.length / 7) }, (_, i) => session.subarray(i * 7, i * 7 + 7));
    const { present } = createEngine();
    expect(present.read(pieces, false)).toEqual(whole);
    const overview = present.ask('overview', []);
    expect(overview.kernel).toBe('6.1.0-56-amd64');
    expect(overview.modules.find(({ module }) => module === 'drm')).toMatchObject({
      refcount: 6,
      linked: 3,
      unexplained: 0,
    });
    expect(
      present
        .ask('account', ['vkms'])
        ?.accounting.holders.map(({ name }) => name)
        .sort(),
    ).toEqual(['Xorg', 'systemd-logind']);
    expect(present.ask('account', ['vkms'])?.plan.outcome).toBe('unloads');
    expect(present.ask('account', ['ext4'])).toBeUndefined();
  });

  test('a look that cannot be read is a problem, and the one before it still answers', () => {
    const { present } = createEngine();
    present.read([session], false);
    expect(present.read([ascii('no frame at all')], false)).toMatchObject({ ok: false });
    expect(present.ask('overview', []).modules.length).toBe(22);
  });

  test('what a recording of this system says is part of the answer, as it was when the look ended', async () => {
    const { present } = await recordedEngine();
    present.read([session], true);
    const xorg = present.ask('account', ['vkms'])?.accounting.holders.find(({ name }) => name === 'Xorg');
    expect(xorg?.references).toBe(1);
    expect(xorg?.evidence.map(({ from }) => from)).toEqual(['snapshot', 'recording']);
  });

  test('a recording of another system is not', async () => {
    const { present } = await recordedEngine();
    present.read([session], false);
    const xorg = present.ask('account', ['vkms'])?.accounting.holders.find(({ name }) => name === 'Xorg');
    expect(xorg?.evidence.map(({ from }) => from)).toEqual(['snapshot']);
  });

  test('a refcount that nothing accounts for stays unexplained', () => {
    const { present } = createEngine();
    present.read([editSnapshot(session, withRefcounts({ vkms: 4 }))], false);
    expect(present.ask('overview', []).modules.find(({ module }) => module === 'vkms')).toMatchObject({
      refcount: 4,
      unexplained: 2,
    });
    expect(present.ask('account', ['vkms'])?.plan.outcome).toBe('unsure');
  });
});
