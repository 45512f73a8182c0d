import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../renderer/ingest/engine.ts';
import { editSnapshot, withRefcounts } from '../../support/edit-snapshot.ts';
import { readSnapshotBytes, readSnapshotFixture } from '../../support/read-snapshot-fixture.ts';
import { writeCrowd } from '../../support/write-crowd.ts';

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
  test('reads a look in any pieces, and answers of it without a recording', async () => {
    const whole = await createEngine().present.read([session], false);
    const pieces = Array.from({ length: Math.ceil(session.length / 7) }, (_, i) => session.subarray(i * 7, i * 7 + 7));
    const { present } = createEngine();
    expect(await present.read(pieces, false)).toEqual(whole);
    const overview = present.ask('overview', []);
    expect(overview.kernel).toBe('6.1.0-56-amd64');
    expect(overview.modules.find(({ module }) => module === 'drm')).toMatchObject({
      refcount: 6,
      linked: 3,
      unexplained: 0,
    });
    expect(
      present
        .ask('account', ['vkms', 99])
        ?.accounting.holders.map(({ name }) => name)
        .sort(),
    ).toEqual(['Xorg', 'systemd-logind']);
    expect(present.ask('account', ['vkms', 99])?.plan.outcome).toBe('unloads');
    expect(present.ask('account', ['ext4', 99])).toBeUndefined();
  });

  test('a look that cannot be read is a problem, and the one before it still answers', async () => {
    const { present } = createEngine();
    await present.read([session], false);
    expect(await present.read([ascii('no frame at all')], false)).toMatchObject({ ok: false });
    expect(present.ask('overview', []).modules.length).toBe(22);
  });

  test('while a look is read, what is asked is answered from the look before', async () => {
    const { present } = createEngine();
    await present.read([session], false);
    const crowd = { processes: 200, files: 4_000, mounts: 400, modules: 60 };
    const reading = present.read([writeCrowd(session, crowd)], false);
    let answers = 0;
    let isRead = false;
    void reading.then(() => {
      isRead = true;
    });
    while (!isRead) {
      await new Promise((resolve) => setTimeout(resolve));
      if (isRead) break;
      expect(present.ask('overview', []).modules.length).toBe(22);
      answers++;
    }
    expect(answers).toBeGreaterThan(0);
    const { modules } = present.ask('overview', []);
    expect(modules.length).toBe(22 + crowd.modules);
    expect(modules.filter(({ unexplained }) => unexplained > 0)).toEqual([]);
  });

  test('of a device that hundreds have open, as many are told as are asked for, and the rest is summed up', async () => {
    const { present } = createEngine();
    await present.read([writeCrowd(session, { processes: 300, files: 1_000, mounts: 1, modules: 1 })], false);
    const few = present.ask('account', ['crowd_000', 40]);
    expect(few?.accounting.holders.length).toBe(40);
    expect(few?.more).toEqual({ holders: 260, references: 260 });
    const all = present.ask('account', ['crowd_000', 1_000]);
    expect(all?.accounting.holders.length).toBe(300);
    expect(all?.more).toEqual({ holders: 0, references: 0 });
    // So long a plan is cut, and does not promise what it leads to.
    expect(all?.plan.steps.length).toBe(200);
    expect(all?.plan).toMatchObject({
      outcome: 'unsure',
      summary: expect.stringMatching(/^These are the first 200 steps/),
    });
  });

  test('what a recording of this system says is part of the answer, as it was when the look ended', async () => {
    const { present } = await recordedEngine();
    await present.read([session], true);
    const xorg = present.ask('account', ['vkms', 99])?.accounting.holders.find(({ name }) => name === 'Xorg');
    expect(xorg?.references).toBe(1);
    expect(xorg?.evidence.map(({ from }) => from)).toEqual(['snapshot', 'recording']);
  });

  test('a recording of another system is not', async () => {
    const { present } = await recordedEngine();
    await present.read([session], false);
    const xorg = present.ask('account', ['vkms', 99])?.accounting.holders.find(({ name }) => name === 'Xorg');
    expect(xorg?.evidence.map(({ from }) => from)).toEqual(['snapshot']);
  });

  test('a refcount that nothing accounts for stays unexplained', async () => {
    const { present } = createEngine();
    await present.read([editSnapshot(session, withRefcounts({ vkms: 4 }))], false);
    expect(present.ask('overview', []).modules.find(({ module }) => module === 'vkms')).toMatchObject({
      refcount: 4,
      unexplained: 2,
    });
    expect(present.ask('account', ['vkms', 99])?.plan.outcome).toBe('unsure');
  });
});
