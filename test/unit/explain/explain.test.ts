import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runExplain } from '../../../electron/cli/explain.ts';
import { suggestNames } from '../../../electron/cli/suggest-names.ts';
import type { ExplainedRecording } from '../../../shared/export/explain-json.ts';

const recordings = new URL('../../fixtures/recordings/', import.meta.url).pathname;
const vkms = `${recordings}seeds/vkms-held-by-logind.report.txt`;

async function explain(argv: readonly string[], stdin?: string) {
  let out = '';
  let err = '';
  const code = await runExplain(argv, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    ...(stdin === undefined
      ? {}
      : {
          stdin: (async function* () {
            yield new TextEncoder().encode(stdin);
          })(),
        }),
  });
  return { code, out, err };
}

describe('modshark explain', () => {
  it('says who holds vkms, since when, why, what for, and how to make him let go', async () => {
    const { code, out, err } = await explain(['vkms', vkms]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n')).toEqual([
      'vkms: live, printed refcount 2, lsmod 1, 1 explained, 0 unexplained',
      '  vkms: 1 reference = 1 file of systemd-logind',
      '  - held by systemd-logind-545 via drm_stub_open since 102.168297 (open)',
      expect.stringContaining('file: A process (display server, logind, compositor) opened a DRM device'),
      '      why: Taken by systemd-logind-545 at 102.168297 via drm_stub_open (line 26). It is not given back by the end of the recording.',
      expect.stringContaining('sure: high.'),
      '      also holds: drm (1)',
      expect.stringContaining('let go: Let systemd-logind (pid 545) close it, or stop that process.'),
      '      lines: 26',
      '',
    ]);
  });

  it('without a module first lists what is held, then accounts for each', async () => {
    const { code, out } = await explain([vkms]);
    expect(code).toBe(0);
    expect(out).toContain('26 events from 102.001424 to 102.168298');
    const lines = out.split('\n');
    const first = lines.indexOf('drm: 4 references = 2 modules + 1 DRM filesystem of vkms + 1 file of systemd-logind');
    expect(lines[first + 6]).toBe('vkms: 1 reference = 1 file of systemd-logind');
    expect(lines.indexOf('drm: live, printed refcount 5, lsmod 4, 4 explained, 0 unexplained')).toBeGreaterThan(first);
  });

  it('answers as of a time, with the events of that instant', async () => {
    const before = await explain(['vkms', vkms, '--at', '102.168296']);
    expect(before.code).toBe(0);
    expect(before.out).toContain('vkms: no references');
    const after = await explain(['vkms', vkms, '--at=102.168297']);
    expect(after.out).toContain('vkms: 1 reference = 1 file of systemd-logind');
  });

  it('gives programs the documented format', async () => {
    const { out } = await explain(['vkms', vkms, '--json']);
    const answer = JSON.parse(out) as ExplainedRecording;
    expect(answer).toEqual({
      format: 1,
      recording: {
        events: 26,
        lines: { total: 27, events: 26, stack: 0, other: 0, headers: 1, blank: 0, rejected: 0 },
        lost: 0,
        start: 102.001424,
        end: 102.168298,
        refcounts: 'absolute',
      },
      modules: [
        {
          module: 'vkms',
          refcount: 2,
          lsmod: 1,
          explained: 1,
          unexplained: 0,
          baseline: 0,
          holders: [
            {
              kind: 'task',
              name: 'systemd-logind',
              pid: 545,
              references: 1,
              callSite: 'drm_stub_open',
              since: 102.168297,
              confidence: 'high',
              meaning: expect.stringContaining('DRM device'),
              release: expect.stringContaining('systemd-logind'),
              lines: [26],
            },
          ],
        },
      ],
    });
  });

  it('writes null for what is not known', async () => {
    const { out } = await explain(['binfmt_misc', `${recordings}seeds/binfmt_misc-noise.trace_pipe.txt`, '--json']);
    const { recording, modules } = JSON.parse(out) as ExplainedRecording;
    expect(recording.refcounts).toBe('per-cpu');
    expect(modules[0]).toMatchObject({ refcount: 129671, lsmod: null, unexplained: null });
    const late = await explain(['vkms', `${recordings}late-start/live/trace_pipe.txt`, '--at', '7.748403', '--json']);
    const [account] = (JSON.parse(late.out) as ExplainedRecording).modules;
    expect(account).toMatchObject({ lsmod: 2, explained: 2, baseline: 1 });
    expect(account!.holders.find(({ name }) => name === 'systemd-logind')).toMatchObject({
      since: null,
      callSite: null,
    });
  });

  it('gives every module of the recording to programs that name none, explained + unexplained = lsmod', async () => {
    const { out } = await explain([`${recordings}nft/live/trace_pipe.txt`, '--json', '--at', '13.0']);
    const { modules } = JSON.parse(out) as ExplainedRecording;
    expect(modules.length).toBeGreaterThan(10);
    expect(modules.map(({ module }) => module)).toEqual(modules.map(({ module }) => module).sort());
    for (const { lsmod, explained, unexplained, holders } of modules.filter((each) => each.lsmod !== null)) {
      expect(explained! + unexplained!).toBe(lsmod);
      expect(holders.reduce((sum, { references }) => sum + references, 0)).toBe(lsmod);
    }
  });

  it('tells of references from before the recording as what they are, not as if they had a name', async () => {
    const { out } = await explain(['drm', `${recordings}late-start/live/trace_pipe.txt`, '--at', '7.748235']);
    expect(out).toContain('  ? 4 references from before the recording began: nothing recorded shows who holds them\n');
    expect(out).not.toContain('taken before the recording');
  });

  it('writes times in the digits of the recording, also where a double would round them', async () => {
    const tick = (stamp: string) => ` a-1 [000] ..... ${stamp}: module_get: tun call_site=misc_open refcnt=2\n`;
    const { out } = await explain(['-', '--json'], tick('18446744073709551615'));
    expect(out).toContain('"start": 18446744073709551615,');
    expect(out).toContain('"since": 18446744073709551615,');
    const epoch = await explain(['-', '--json'], tick('1700000000.123456789'));
    expect(epoch.out).toContain('"end": 1700000000.123456789,');
    expect(JSON.parse(epoch.out)).toMatchObject({ format: 1, modules: [{ module: 'tun' }] });
  });

  it('says when the time asked for is not within the recording', async () => {
    const early = await explain(['vkms', vkms, '--at', '50']);
    expect(early.out).toContain('! 50.000000 is before the recording began, at 102.001424');
    const late = await explain(['vkms', vkms, '--at', '200']);
    expect(late.out).toContain('! 200.000000 is after the recording ended, at 102.168298');
    expect(late.out).toContain('vkms: 1 reference = 1 file of systemd-logind');
  });

  it('reads standard input', async () => {
    const { code, out } = await explain(
      ['tun', '-'],
      ' a-1 [000] 5.000001: module_get: tun call_site=misc_open refcnt=2\n',
    );
    expect(code).toBe(0);
    expect(out).toContain('tun: 1 reference = 1 file of a');
  });

  it('prints the names of tasks harmlessly', async () => {
    const { out } = await explain([`${recordings}comm-names/live/trace_pipe.txt`, '--at', '12.515']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
    expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    const evil = ' \u001b[2Jred-9 [000] 5.000001: module_get: tun call_site=misc_open refcnt=2\n';
    const told = await explain(['tun', '-'], evil);
    expect(told.out).toContain('held by \\x1b[2Jred-9');
  });
});

describe('modshark explain refuses with exit code 2', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'modshark-explain-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('a module that does not occur, and names near matches', async () => {
    const { code, out, err } = await explain(['drm-kms-helper', vkms]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe(
      'modshark explain: the recording has no event of a module named drm-kms-helper. Is it drm_kms_helper, drm?\n',
    );
  });

  it('a file that is not there, or is a directory', async () => {
    expect(await explain(['/no/such/file'])).toMatchObject({
      code: 2,
      err: 'modshark explain: /no/such/file cannot be read: there is no such file or folder.\n',
    });
    expect((await explain([folder])).err).toContain('it is a folder');
  });

  it('input of no use, with the reason', async () => {
    const junk = join(folder, 'junk');
    writeFileSync(junk, 'hello\nworld\n');
    const { code, out, err } = await explain([junk]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.length).toBeGreaterThan(40);
    expect((await explain(['-'], '')).code).toBe(2);
  });

  it.each([[[]], [['a', 'b', 'c']], [[vkms, '--at']], [[vkms, '--frob']]])(
    'a command line of no use: %j',
    async (argv) => {
      const { code, out, err } = await explain(argv);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain('usage: modshark explain');
    },
  );

  it('a time that is none', async () => {
    const { code, err } = await explain([vkms, '--at', 'noon']);
    expect(code).toBe(2);
    expect(err).toContain('noon is no time of this recording');
  });
});

it('lists rejected lines on request, and says nothing of them otherwise but their number', async () => {
  const text =
    'torn line\n a-1 [000] 5.000001: module_get: tun call_site=misc_open refcnt=2\n a-1 [000] 5.000002: module_get: tun call_si\n';
  const plain = await explain(['-'], text);
  const listed = await explain(['-', '--rejected'], text);
  expect(plain.code).toBe(0);
  expect(listed.out.startsWith(plain.out)).toBe(true);
  expect(listed.out).toMatch(/of 3 lines rejected\n/);
  expect(listed.out.slice(plain.out.length)).toMatch(/line \d: /);
});

it('near matches are few and near', () => {
  const names = ['drm', 'drm_kms_helper', 'vkms', 'snd_pcm', 'tun'];
  expect(suggestNames('vkmz', names)).toEqual(['vkms']);
  expect(suggestNames('VKMS', names)).toEqual(['vkms']);
  expect(suggestNames('snd', names)).toEqual(['snd_pcm']);
  expect(suggestNames('completely-else', names)).toEqual([]);
});
