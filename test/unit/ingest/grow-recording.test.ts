import { describe, expect, onTestFinished, test } from 'vitest';
import { TraceBroken } from '../../../renderer/connect/read-offered-trace.ts';
import { createEngine } from '../../../renderer/ingest/engine.ts';
import { type GrowthWatcher, growRecording } from '../../../renderer/ingest/grow-recording.ts';
import { EVERYTHING } from '../../../shared/view-model/selection.ts';
import { createHost } from '../../support/engine-host.ts';
import { Chance } from '../../support/mutate-text.ts';
import { fixtureBytes } from '../../support/read-fixture.ts';
import { watchGrowth } from '../../support/watch-growth.ts';

const logind = fixtureBytes('recordings/seeds/vkms-held-by-logind.report.txt');
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** An engine that has opened a text as a file. */
async function open(bytes: Uint8Array) {
  const engine = createEngine();
  engine.push(bytes);
  const outcome = await engine.finish('live');
  if (!outcome.ok) throw new Error(outcome.problem.what);
  return engine;
}

/** A window that shows nothing. */
const idleWatcher: GrowthWatcher = {
  onArrived: () => {},
  onGrown: () => {},
  beginWork: () => () => {},
  selected: () => ({}),
  isPaused: () => false,
};

/** What a window would show of a recording, in every region. */
function everything(engine: ReturnType<typeof createEngine>) {
  const summary = engine.ask('summary', []);
  const { end, modules } = summary;
  const all = { text: '', modules: [] };
  const answers = {
    summary,
    standings: engine.ask('modulesAt', [end]),
    accounts: modules.map(({ module }) => engine.ask('accountingAt', [module, end])),
    rows: engine.ask('eventRows', [all, 0, 1000]),
    overview: engine.ask('overview', [100, all]),
  };
  // In a recording that grows they stay as they were given first.
  return JSON.parse(JSON.stringify(answers, (key, value) => (key === 'colour' ? 0 : bigIntAsText(value))));
}

function bigIntAsText(value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

describe('a growing recording', () => {
  test('whose worker dies before it has answered anything is told of, and its text is let go', async () => {
    const { host, die } = createHost();
    let letGo = false;
    const content = new ReadableStream<Uint8Array>({
      cancel: () => {
        letGo = true;
      },
    });
    const growing = growRecording({ name: 'live', content }, idleWatcher, {
      spawn: () => ({ ...host, postMessage: () => {} }),
    });
    die();
    await expect(growing).rejects.toThrow('memory');
    expect(letGo).toBe(true);
  });

  test('has no event before the first, shows each as it comes, and ends as the recording that its text is', async () => {
    const { write, shows, finish, ended, growing, summary } = await watchGrowth();
    expect(growing.recording.summary).toMatchObject({ events: 0, modules: [] });
    const lines = new TextDecoder().decode(logind).trimEnd().split('\n');
    const events = lines.filter((line) => line.includes('module_'));
    const head = lines.slice(0, lines.indexOf(events[0]!));
    write(bytesOf(`${head.join('\n')}\n`));
    for (const [i, line] of events.entries()) {
      write(bytesOf(`${line}\n`));
      await shows(i + 1);
    }
    const { engine } = growing.recording;
    const live = await engine.accountingAt('vkms', summary()!.end);
    expect(live.holders.map(({ name, pid }) => `${name}-${pid}`)).toEqual(['systemd-logind-545']);
    finish();
    expect(await ended).toEqual({ kind: 'ended' });
    expect(summary()).toEqual((await open(logind)).ask('summary', []));
  });

  test('answers at every look what opening the text cut there answers, in every region', async () => {
    for (const path of [
      'seeds/vkms-held-by-logind.report.txt',
      'seeds/vkms-free.report.txt',
      'formats/report/buffer.report.txt',
    ]) {
      const bytes = fixtureBytes(`recordings/${path}`);
      const chance = new Chance(3);
      const engine = createEngine();
      let compared = 0;
      for (let at = 0; at < bytes.length; ) {
        const end = Math.min(bytes.length, at + 1 + chance.below(400));
        engine.push(bytes.subarray(at, end));
        at = end;
        const look = await engine.look('live', {});
        if (!look.ok) throw new Error(look.problem.what);
        if (look.summary.events === 0) continue;
        compared++;
        const whole = bytes.subarray(0, bytes.lastIndexOf(10, end - 1) + 1);
        expect(everything(engine), `${path} at ${end}`).toEqual(everything(await open(whole)));
      }
      expect(compared, path).toBeGreaterThan(3);
    }
  });

  test('answers while it is looked at, of the look before, also where a late line comes before all others', async () => {
    const events = 100_000;
    const stampOf = (place: number) => `${100 + Math.floor(place / 1e6)}.${String(place % 1e6).padStart(6, '0')}`;
    const lines = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => {
        const [what, site, refcount] = i % 2 === 0 ? ['get', 'chrdev_open', 2] : ['put', '__fput', 1];
        return `             cat-${700 + (i % 50)}     [000] .....   ${stampOf(from + i)}: module_${what}: tun call_site=${site} refcnt=${refcount}\n`;
      }).join('');
    const late = `             dog-800     [001] .....    99.000000: module_get: aaa call_site=chrdev_open refcnt=2\n`;
    const engine = createEngine();
    engine.push(bytesOf(lines(0, events)));
    await engine.look('live', {});
    const { end } = engine.ask('summary', []);
    const said = () => ({
      events: engine.ask('eventCount', [{ text: '', modules: [] }]),
      rows: engine.ask('eventRows', [{ text: '', modules: [] }, events - 20, 20]),
      account: engine.ask('accountingAt', ['tun', end]),
      standings: engine.ask('modulesAt', [end]),
    });
    const before = said();
    engine.push(bytesOf(late + lines(events, events + 100)));
    let looking = true;
    const looked = engine.look('live', {}).finally(() => {
      looking = false;
    });
    let asked = 0;
    while (looking) {
      expect(said()).toEqual(before);
      asked++;
      await new Promise((resolve) => setTimeout(resolve));
    }
    const look = await looked;
    expect(asked).toBeGreaterThan(1);
    expect(look.ok && look.summary.events).toBe(events + 101);
    expect(engine.ask('modulesAt', [0]).map(({ module }) => module)).toEqual(['aaa', 'tun']);
  }, 60_000);

  test('looks less often than text comes, and shows all of it in the end', async () => {
    const { write, shows, window } = await watchGrowth();
    const lines = bytesOf(
      Array.from({ length: 2000 }, (_, i) => {
        const stamp = `${100 + Math.floor(i / 1000)}.${String((i % 1000) * 1000).padStart(6, '0')}`;
        return `             cat-700     [000] .....   ${stamp}: module_get: tun call_site=chrdev_open refcnt=${i + 2}\n`;
      }).join(''),
    );
    for (let at = 0; at < lines.length; at += 200) write(lines.subarray(at, at + 200));
    await shows(2000);
    expect(window.looks).toBeLessThan(lines.length / 200 / 10);
  });

  test('does not look while the view is paused, counts what comes, and shows it when the view goes on', async () => {
    const { write, shows, until, window, growing, summary } = await watchGrowth();
    const line = (second: number) =>
      `             cat-700     [000] .....   ${second}.000000: module_get: tun call_site=chrdev_open refcnt=${second - 98}\n`;
    write(bytesOf(line(100)));
    await shows(1);
    window.paused = true;
    write(bytesOf(line(101) + line(102)));
    await until(() => window.arrived === 3 && window.work === 0);
    expect(summary()?.events).toBe(1);
    window.paused = false;
    growing.resume();
    await shows(3);
  });

  test('finds again what was selected, where late lines and references from before the recording come first', async () => {
    const { write, shows, window, growing } = await watchGrowth();
    const line = (cpu: number, stamp: string, module: string, refcount: number) =>
      `             cat-700     [00${cpu}] .....   ${stamp}: module_get: ${module} call_site=chrdev_open refcnt=${refcount}\n`;
    write(bytesOf(line(0, '100.000000', 'tun', 2) + line(0, '100.100000', 'tun', 3)));
    await shows(2);
    const { engine } = growing.recording;
    const [, second] = await engine.eventRows({ text: '', modules: [] }, 0, 2);
    window.selected = { row: second!.row, hold: second!.hold };
    const before = await engine.holdFacts(second!.hold);
    write(bytesOf(line(1, '100.050000', 'drm', 9)));
    await shows(3);
    expect(window.selected.row).toBe(second!.row + 1);
    expect(window.selected.hold).toBe(second!.hold + 8);
    expect(await engine.holdFacts(window.selected.hold!)).toEqual(before);

    // One from before the recording is known by its module and its place among those.
    const account = await engine.accountingAt('drm', Number.MAX_SAFE_INTEGER);
    const old = account.holders.find(({ kind }) => kind === 'baseline' || kind === 'unknown')!.holds[2]!;
    window.selected = { hold: old };
    write(bytesOf(line(1, '100.200000', 'aaa', 5)));
    await shows(4);
    expect((await engine.holdFacts(window.selected.hold!))?.module).toBe('drm');
  });

  test('keeps what came before its text broke off', async () => {
    const { write, shows, fail, ended, growing, until, window } = await watchGrowth();
    write(logind.subarray(0, 1000));
    await shows(11);
    write(logind.subarray(1000));
    const problem = { what: 'The host is gone.', why: 'It ended.', remedy: 'Start it.' };
    await until(() => window.arrived === 26);
    fail(new TraceBroken(problem));
    expect(await ended).toEqual({ kind: 'failed', problem });
    expect((await growing.recording.engine.summary()).events).toBe(26);
  });

  test('says so when it ended without an event, and why where the text tells', async () => {
    const { write, finish, ended, growing } = await watchGrowth();
    write(bytesOf('hello\n'));
    finish();
    expect(await ended).toMatchObject({
      kind: 'empty',
      problem: { what: 'This is not a recording of module events.' },
    });
    expect((await growing.recording.engine.summary()).events).toBe(0);
  });

  test('stops taking events where its memory ends, and goes on answering', async () => {
    const { write, ended, growing, isCancelled } = await watchGrowth({ mostEvents: 20 });
    write(logind);
    expect(await ended).toEqual({ kind: 'full' });
    expect(isCancelled()).toBe(true);
    expect((await growing.recording.engine.summary()).events).toBe(26);
  });

  test('lets its text go and ends its worker when it is closed', async () => {
    const { write, shows, growing, ended, isCancelled, setUp, window } = await watchGrowth();
    write(logind);
    await shows(26);
    growing.recording.close();
    expect(await ended).toEqual({ kind: 'closed' });
    expect(isCancelled()).toBe(true);
    expect(setUp.ended()).toBe(true);
    expect(window.work).toBe(0);
  });

  test('does not change under a file that is being made of it', async () => {
    const engine = createEngine();
    engine.push(logind);
    await engine.look('live', {});
    const order: string[] = [];
    const made = engine.makeExport({ kind: 'events', form: 'csv', selection: EVERYTHING }, () => {});
    const looked = engine.look('live', {}).then(() => order.push('look'));
    await made.then(() => order.push('file'));
    await looked;
    expect(order).toEqual(['file', 'look']);
  });

  test('never runs far ahead of its worker', async () => {
    const setUp = createHost();
    let given = 0;
    let furthest = 0;
    const content = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          furthest = Math.max(furthest, given - setUp.chunks());
          if (given++ === 200) controller.close();
          else controller.enqueue(bytesOf('# nothing\n'));
        },
      },
      { highWaterMark: 0 },
    );
    const watcher: GrowthWatcher = {
      onArrived: () => {},
      onGrown: () => {},
      beginWork: () => () => {},
      selected: () => ({}),
      isPaused: () => false,
    };
    const growing = await growRecording({ name: 'nothing', content }, watcher, { spawn: () => setUp.host });
    onTestFinished(() => growing.recording.close());
    expect((await growing.run()).kind).toBe('empty');
    expect(furthest).toBeLessThanOrEqual(4);
  });
});
