import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runExport } from '../../../electron/cli/export.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/recordings/', import.meta.url));
const vkms = join(fixtures, 'seeds/vkms-held-by-logind.report.txt');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modshark-export-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const place = (name: string) => join(folder, name);

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function modsharkExport(argv: readonly string[], stdin?: AsyncIterable<Uint8Array>): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof said) => ({
    write: (text: string) => {
      said[name] += text;
    },
  });
  const streams = { stdout: stream('stdout'), stderr: stream('stderr'), ...(stdin === undefined ? {} : { stdin }) };
  return { code: await runExport(argv, streams), ...said };
}

function sizeOfPng(path: string): [number, number] {
  const png = readFileSync(path);
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

describe('modshark export', () => {
  test('writes all that was asked for, and says nothing', async () => {
    const files = ['t.svg', 'e.csv', 'h.json', 'p.json', 'r.md'];
    const options = ['--timeline', '--events', '--holds', '--perfetto', '--report'];
    const said = await modsharkExport([vkms, ...options.flatMap((option, i) => [option, place(files[i]!)])]);
    expect(said).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readdirSync(folder).sort()).toEqual([...files].sort());
    expect(readFileSync(place('t.svg'), 'utf8')).toMatch(/^<svg [\s\S]*drm_kms_helper[\s\S]*<\/svg>\n$/);
    expect(readFileSync(place('e.csv'), 'utf8').split('\r\n')).toHaveLength(26 + 2);
    expect(JSON.parse(readFileSync(place('h.json'), 'utf8')).recording.events).toBe(26);
    expect(JSON.parse(readFileSync(place('p.json'), 'utf8')).traceEvents.length).toBeGreaterThan(26);
    expect(readFileSync(place('r.md'), 'utf8')).toContain('![Timeline of the references and their holders](<t.svg>)');
  });

  test('makes a PNG of exactly the size of the SVG times the scale', async () => {
    const module = ['--module', 'vkms', '--theme', 'dark'];
    expect((await modsharkExport([vkms, ...module, '--timeline', place('t.svg')])).code).toBe(0);
    const [, width, height] = /<svg [^>]*width="(\d+)" height="(\d+)"/.exec(readFileSync(place('t.svg'), 'utf8'))!;
    for (const scale of [1, 1.5, 2, 3, 4]) {
      const said = await modsharkExport([
        vkms,
        ...module,
        '--scale',
        String(scale),
        '--timeline',
        place(`${scale}.png`),
      ]);
      expect(said).toMatchObject({ code: 0, stderr: '' });
      expect(sizeOfPng(place(`${scale}.png`))).toEqual([Number(width) * scale, Math.round(Number(height) * scale)]);
    }
  }, 60_000);

  test('keeps to modules and times', async () => {
    const said = await modsharkExport([
      vkms,
      ...['--module', 'drm', '--module', 'vkms', '--from', '102.1616', '--to', '102.168297'],
      ...['--events', place('e.json'), '--timeline', place('t.svg')],
    ]);
    expect(said.code).toBe(0);
    const { events, selection } = JSON.parse(readFileSync(place('e.json'), 'utf8'));
    expect(events.map(({ line }: { line: number }) => line)).toEqual([21, 22, 23, 24, 25, 26]);
    expect(selection).toEqual({ modules: ['drm', 'vkms'], from: '102.161600', to: '102.168297', filter: null });
    expect(readFileSync(place('t.svg'), 'utf8')).toContain('102.161600 to 102.168297 s');
    expect(readFileSync(place('t.svg'), 'utf8')).not.toContain('sysfillrect');
  });

  test('keeps to a filter, and says how many rows passed it', async () => {
    const said = await modsharkExport([
      ...[vkms, '--filter', 'task:systemd-logind', '--events', place('e.csv'), '--holds', place('h.json')],
      ...['--timeline', place('t.svg'), '--graph', place('g.svg'), '--perfetto', place('p.json')],
    ]);
    expect(said).toMatchObject({ code: 0, stdout: '' });
    expect(said.stderr).toContain(`${place('e.csv')} has 4 of 26 events, which pass the filter.`);
    expect(said.stderr).toContain(`${place('h.json')} has 3 of 18 holds, which pass the filter.`);
    expect(readFileSync(place('e.csv'), 'utf8').trimEnd().split('\r\n')).toHaveLength(4 + 1);
    const { holds, selection } = JSON.parse(readFileSync(place('h.json'), 'utf8'));
    expect(holds.map(({ holder, module }: Record<string, string>) => `${module}: ${holder}`)).toEqual([
      'drm: systemd-logind',
      'drm: systemd-logind',
      'vkms: systemd-logind',
    ]);
    expect(selection.filter).toBe('task:systemd-logind');
    const timeline = readFileSync(place('t.svg'), 'utf8');
    expect(timeline).toContain('filter task:systemd-logind');
    expect(timeline).not.toContain('modprobe');
    expect(timeline).not.toContain('sysfillrect');
    expect(readFileSync(place('g.svg'), 'utf8')).not.toContain('drm_kms_helper');
    const { traceEvents } = JSON.parse(readFileSync(place('p.json'), 'utf8'));
    expect(traceEvents.filter(({ ph }: { ph: string }) => ph === 'i')).toHaveLength(4);
  });

  test('says in the picture and beside it that there are more tracks than it shows', async () => {
    const lines = Array.from(
      { length: 63 },
      (_, i) => `  a-1 [000] ..... ${i}.000000: module_get: module_${i} call_site=x refcnt=2\n`,
    );
    writeFileSync(place('wide.txt'), lines.join(''));
    const tracks = (...options: string[]) =>
      modsharkExport([place('wide.txt'), '--timeline', place('t.svg'), ...options]);
    expect((await tracks()).stderr).toBe(
      `modshark export: ${place('t.svg')} shows 40 of 63 tracks; --tracks all shows every one.\n`,
    );
    expect(readFileSync(place('t.svg'), 'utf8')).toContain('23 more modules have no track in this picture.');
    expect((await tracks('--tracks', '62')).stderr).toContain('62 of 63 tracks');
    expect(readFileSync(place('t.svg'), 'utf8')).toContain('1 more module has no track in this picture.');
    expect(await tracks('--tracks', 'all')).toMatchObject({ code: 0, stderr: '' });
    const all = readFileSync(place('t.svg'), 'utf8');
    expect(all).not.toContain('no track in this picture');
    expect(all.match(/>module_\d+<\/text>/g)).toHaveLength(63);
    // Tall as it is, its PNG has every pixel of it.
    const [, width, height] = /<svg [^>]*width="(\d+)" height="(\d+)"/.exec(all)!;
    for (const scale of [1, 2, 4]) {
      const png = ['--timeline', place(`${scale}.png`), '--scale', String(scale), '--tracks', 'all'];
      expect(await modsharkExport([place('wide.txt'), ...png])).toMatchObject({ code: 0, stderr: '' });
      expect(sizeOfPng(place(`${scale}.png`))).toEqual([Number(width) * scale, Number(height) * scale]);
    }
  }, 60_000);

  test('reports who held a module at the end of the time asked for', async () => {
    await modsharkExport([vkms, '--to', '102.16', '--report', place('r.md')]);
    const report = readFileSync(place('r.md'), 'utf8');
    expect(report).toContain('As of 102.160000 s');
    expect(report).toContain('# Who holds `drm`,');
    expect(report).not.toContain('logind-545');
  });

  test('draws the holder graph around one module, or all of it, with every holder named', async () => {
    const argv = [vkms, '--graph', place('all.svg'), '--theme', 'dark'];
    expect(await modsharkExport(argv)).toMatchObject({ code: 0, stderr: '' });
    const all = readFileSync(place('all.svg'), 'utf8');
    for (const name of ['systemd-logind-545', 'drm_kms_helper', 'sysimgblt']) expect(all).toContain(name);
    expect(all).toContain('systemd-logind-545 → vkms · 1 via drm_stub_open');
    const before = [vkms, '--graph', place('before.png'), '--module', 'vkms', '--to', '102.163', '--scale', '2'];
    expect(await modsharkExport(before)).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(place('before.png')).readUInt32BE(16)).toBeGreaterThanOrEqual(2 * 480);
  });

  test('reads standard input, gzip too', async () => {
    async function* input() {
      yield readFileSync(join(fixtures, 'smp/live/trace_pipe.txt.gz'));
    }
    const said = await modsharkExport(['-', '--holds', place('h.csv')], input());
    expect(said).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(place('h.csv'), 'utf8')).toContain('testmod_chr');
  });

  test('never overwrites the recording, whatever name leads to it', async () => {
    const input = place('recording.csv');
    writeFileSync(input, readFileSync(vkms));
    linkSync(input, place('hard.csv'));
    symlinkSync(input, place('soft.csv'));
    mkdirSync(place('inner'));
    for (const path of [input, place('hard.csv'), place('soft.csv'), place('inner/../recording.csv')]) {
      const said = await modsharkExport([input, '--events', path]);
      expect(said.code).toBe(2);
      expect(said.stderr).toContain('is the recording itself');
    }
    expect(readFileSync(input)).toEqual(readFileSync(vkms));
  });

  test('replaces an earlier file, through a link too, and leaves nothing else behind', async () => {
    writeFileSync(place('old.csv'), 'old');
    symlinkSync(place('old.csv'), place('link.csv'));
    expect((await modsharkExport([vkms, '--events', place('link.csv')])).code).toBe(0);
    expect(readFileSync(place('old.csv'), 'utf8')).toMatch(/^line,time/);
    expect(readdirSync(folder).sort()).toEqual(['link.csv', 'old.csv']);
  });

  test('changes no file when one of them cannot be made', async () => {
    writeFileSync(place('e.csv'), 'old');
    const modules = Array.from({ length: 400 }, (_, i) => `module_${i}`);
    const lines = modules.map((module) => `  a-1 [000] ..... 1.000000: module_get: ${module} call_site=x refcnt=2\n`);
    writeFileSync(place('wide.txt'), lines.join(''));
    const said = await modsharkExport([
      ...[place('wide.txt'), '--events', place('e.csv'), '--timeline', place('t.png'), '--scale', '4'],
      ...modules.flatMap((module) => ['--module', module]),
    ]);
    expect(said.code).toBe(2);
    expect(said.stderr).toMatch(/t\.png would be 5120 × \d+ pixels; name fewer modules/);
    expect(readFileSync(place('e.csv'), 'utf8')).toBe('old');
    expect(readdirSync(folder).sort()).toEqual(['e.csv', 'wide.txt']);
  });

  test('says what it did not understand, and ends with 2', async () => {
    const refusals: [readonly string[], string][] = [
      [[], 'FILE is missing.'],
      [[vkms], 'nothing is asked for.'],
      [[vkms, vkms, '--events', place('e.csv')], 'one recording at a time'],
      [[vkms, '--event', place('e.csv')], "Unknown option '--event'."],
      [[vkms, '--events'], "Option '--events <value>' argument missing."],
      [[vkms, '--events', place('e.txt')], '--events writes a file whose name ends in .csv or .json, not'],
      [[vkms, '--events', place('no/e.csv')], 'there is no such file or folder.'],
      [[vkms, '--events', place('e.csv'), '--holds', place('./e.csv')], 'is asked for twice.'],
      [[vkms, '--theme', 'blue', '--events', place('e.csv')], '--theme is one of light, dark, print, not blue.'],
      [[vkms, '--scale', '9', '--events', place('e.csv')], '--scale is a number from 1 to 4, not 9.'],
      [[vkms, '--filter', 'modul:x', '--events', place('e.csv')], '--filter: There is no key modul.'],
      [[vkms, '--tracks', '0', '--timeline', place('t.svg')], '--tracks is a number from 1 on, or all, not 0.'],
      [[vkms, '--module', 'vkm', '--events', place('e.csv')], 'no event of a module named vkm. Is it vkms'],
      [[vkms, '--from', 'noon', '--events', place('e.csv')], 'noon is no time of this recording'],
      [
        [vkms, '--from', '102.2', '--to', '102.1', '--events', place('e.csv')],
        '--from 102.2 is not before --to 102.1.',
      ],
      [[vkms, '--from', '103', '--events', place('e.csv')], '--from 103 is after the last event, at 102.168298.'],
      [[vkms, '--to', '102', '--events', place('e.csv')], '--to 102 is before the first event, at 102.001424.'],
      [[place('none.txt'), '--events', place('e.csv')], 'cannot be read: there is no such file'],
      [[fileURLToPath(import.meta.url), '--events', place('e.csv')], 'is not a recording of module events'],
    ];
    for (const [argv, reason] of refusals) {
      const said = await modsharkExport(argv);
      expect(said.stderr).toContain(reason);
      expect(said).toMatchObject({ code: 2, stdout: '' });
    }
    expect(existsSync(place('e.csv'))).toBe(false);
  });

  test('shows how it is used', async () => {
    const said = await modsharkExport(['--help']);
    expect(said).toMatchObject({ code: 0, stderr: '' });
    expect(said.stdout).toContain('--timeline F.svg|F.png');
  });
});
