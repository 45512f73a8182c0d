import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type LaunchOptions, launchWindow, waitForIdle, windowHosts } from '../support/launch-window.ts';
import { launchPaced, showsEvents } from '../support/paced-window.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { faultsOf, openByDialog, press, selectModule, settled, told, visibleWindow } from './drive-window.ts';

/** Lines of trace_pipe, and how many events they are of. */
const loaded = `        modprobe-1687    [001] .....   102.100000: module_load: vkms OE
        modprobe-1687    [001] .....   102.100010: module_get: drm call_site=ref_module refcnt=4
        modprobe-1687    [001] .....   102.100020: module_put: vkms call_site=do_init_module refcnt=1
`;
const held = '  systemd-logind-545     [000] .....   102.168297: module_get: vkms call_site=drm_stub_open refcnt=2\n';
const released = '  systemd-logind-545     [000] .....   103.500000: module_put: vkms call_site=drm_release refcnt=1\n';
const answer = 'vkms: 1 reference = 1 file of systemd-logind';

/** A get and its put of `tun` each second, from a second on. */
function gets(from: number, count: number): string {
  return Array.from({ length: count }, (_, i) =>
    [
      `            qemu-${String(900 + i).padEnd(7)} [000] .....   ${from + i}.000000: module_get: tun call_site=chrdev_open refcnt=2\n`,
      `            qemu-${String(900 + i).padEnd(7)} [000] .....   ${from + i}.400000: module_put: tun call_site=__fput refcnt=1\n`,
    ].join(''),
  ).join('');
}

async function record(options: Omit<LaunchOptions, 'script'>) {
  const window = await launchPaced({ width: 1440, height: 900, ...options });
  onTestFinished(() => window.close());
  return window;
}

const follows = (page: Awaited<ReturnType<typeof record>>['page']) =>
  page.getByRole('button', { name: 'Follow' }).getAttribute('aria-pressed');

describe.each(windowHosts)('a recording that grows on %s', (host) => {
  test('waits for the first event, and then answers at each event as if it had been opened there', async () => {
    const window = await record({ host });
    const { page } = window;
    expect(await page.locator('.panel-timeline').innerText()).toContain('Now do what makes the problem');
    expect(await faultsOf(page)).toEqual([]);

    await window.say(loaded.replaceAll(/.*module_get.*\n/g, ''), 2);
    expect(await told.holders(page)).toContain('Nothing holds it');
    // A line counts when it has its end.
    await window.say(held.trimEnd(), 2);
    await window.say('\n', 3);
    // Nobody has selected a module: the one that somebody holds is the one that it is about.
    expect(await told.holders(page)).toContain(answer);
    expect(await told.cursor(page)).toBe('102.168297');
    expect(await told.events(page)).toContain('drm_stub_open');
    await window.say(released, 4);
    expect(await told.holders(page)).toContain('Nothing holds it');
    expect(await told.cursor(page)).toBe('103.500000');
    expect(await faultsOf(page)).toEqual([]);
  });

  test('is followed until somebody looks back, and again when told to', async () => {
    const window = await record({ host });
    const { page } = window;
    await window.say(gets(100, 40), 80);
    expect(await follows(page)).toBe('true');
    const latest = await visibleWindow(page);
    // Thirty seconds up to the latest event, which is at 39.4.
    expect(latest.to).toBeGreaterThan(39.4e9);
    expect(latest.to - latest.from).toBeCloseTo(30e9, -6);

    await page.locator('.track-canvas').focus();
    await press(page, 'ArrowLeft');
    await press(page, 'ArrowLeft');
    expect(await follows(page)).toBe('false');
    const before = await visibleWindow(page);
    const at = await told.cursor(page);
    await window.say(gets(140, 10), 100);
    expect(await visibleWindow(page)).toEqual(before);
    expect(await told.cursor(page)).toBe(at);

    await press(page, 'f');
    expect(await follows(page)).toBe('true');
    expect((await visibleWindow(page)).to).toBeGreaterThan(49.4e9);
    expect(await told.cursor(page)).toBe('149.400000');
    await window.say(gets(150, 1), 102);
    expect(await told.cursor(page)).toBe('150.400000');

    await page.locator('.events-grid').hover();
    await page.mouse.wheel(0, -400);
    await settled(page);
    expect(await follows(page)).toBe('false');
    await page.getByRole('button', { name: 'Follow' }).click();
    await settled(page);
    await press(page, '0');
    expect(await follows(page)).toBe('true');
    await window.say(gets(200, 1), 104);
    // The whole of it was chosen, and stays in view.
    expect((await visibleWindow(page)).from).toBeLessThan(0);
    expect((await visibleWindow(page)).to).toBeGreaterThan(100.4e9);
  });

  test('stands still while the view is paused, counts what waits, and shows it all afterwards', async () => {
    const window = await record({ host });
    const { page } = window;
    await window.say(gets(100, 3), 6);
    await press(page, 'Shift+F');
    const before = await told.events(page);
    await window.print(gets(103, 20));
    await page.locator('.growth-lag').getByText('40 events waiting').waitFor();
    await waitForIdle(page);
    expect(await told.events(page)).toBe(before);
    expect(await told.topBar(page)).toContain('6 events');
    await page.getByRole('button', { name: 'Resume' }).click();
    await showsEvents(page, 46);
    expect(await told.cursor(page)).toBe('122.400000');
    expect(await page.locator('.growth-lag').innerText()).toBe('');
  });

  test('keeps what is selected, also where it comes to stand elsewhere, and where the lists are', async () => {
    const window = await record({ host });
    const { page } = window;
    await window.say(gets(100, 60), 120);
    await page.locator('.events-grid [role=row]', { hasText: '159.000000' }).click();
    await settled(page);
    const selected = () => page.locator('.events-grid [aria-selected=true]').allInnerTexts();
    const ofHold = () => page.locator('.events-grid .event-row').filter({ hasText: '159.' }).allInnerTexts();
    const scrolled = () => page.locator('.events-grid').evaluate((list) => list.scrollTop);
    const [first, both, place] = [await selected(), await ofHold(), await scrolled()];
    expect(first).toHaveLength(1);
    expect(first[0]).toContain('159.000000');

    // References from before the recording come first in every table; and this one came late.
    await window.say(loaded.replaceAll('102.1', '160.1'), 123);
    await window.say(
      `${gets(130, 1).replaceAll('.000000', '.100000').replaceAll('[000]', '[003]').split('\n')[0]!}\n`,
      124,
    );
    expect(await selected()).toEqual(first.map((row) => row));
    expect(await ofHold()).toEqual(both);
    expect(await scrolled()).toBe(place);
    expect(await told.cursor(page)).toBe('159.000000');
  });

  test('is filtered, searched, counted and drawn while it grows', async () => {
    const window = await record({ host });
    const { page } = window;
    await window.say(loaded + held, 4);
    await page.getByRole('combobox', { name: /filter/i }).fill('module:vkms');
    await settled(page);
    const listed = () => page.locator('.events-count').innerText();
    expect(await listed()).toBe('3 of 4 events');
    await window.say(released, 5);
    expect(await listed()).toBe('4 of 5 events');
    expect(await page.locator('.panel-timeline').innerText()).not.toContain('drm\n');

    await press(page, 'Control+f');
    await page.keyboard.type('site:drm_*');
    await settled(page);
    const hits = () => page.locator('.search-bar').innerText();
    expect(await hits()).toContain('2');
    await window.say(held.replace('102.168297', '104.168297'), 6);
    expect(await hits()).toContain('3');

    await page.getByRole('tab', { name: 'Holder graph' }).click();
    await settled(page);
    expect(await page.locator('.graph-panel').innerText()).toContain('systemd-logind');
    await window.say(released.replace('103.5', '105.5'), 7);
    expect(await page.locator('.graph-panel').innerText()).not.toContain('systemd-logind');
    await page.getByRole('tab', { name: 'Statistics' }).click();
    await settled(page);
    const numbers = await page.locator('.statistics').innerText();
    await window.say(gets(106, 1).replaceAll('tun', 'vkms'), 9);
    expect(await page.locator('.statistics').innerText()).not.toBe(numbers);
  });

  test('is a recording like any other when it ends: it says the same as its text does when it is opened', async () => {
    const window = await record({ host });
    const { page } = window;
    const text = loaded + held + gets(110, 30);
    const lines = text.trimEnd().split('\n');
    for (let i = 0; i < lines.length; i += 16)
      await window.say(`${lines.slice(i, i + 16).join('\n')}\n`, Math.min(lines.length, i + 16));
    await window.stop();
    expect(await page.getByRole('button', { name: 'Pause', exact: true }).count()).toBe(0);
    const shown = async () => {
      await selectModule(page, 'vkms');
      const rows = await page.locator('.events-grid [role=row]').allInnerTexts();
      return {
        modules: await page.locator('.panel-modules').innerText(),
        sum: await page.locator('.arithmetic').innerText(),
        // The number of its line is first: the host writes some of its own above.
        events: rows.map((row) => row.replace(/^\d+/, '')),
        window: await visibleWindow(page),
      };
    };
    await press(page, '0');
    const ended = await shown();
    expect(ended.sum).toBe(answer);

    const path = join(await temporaryFolder(), 'same.txt');
    await writeFile(path, text);
    await openByDialog(window, path);
    expect(await shown()).toEqual(ended);
  });

  test('says clearly that it has no event when it ends without one', async () => {
    const window = await record({ host });
    const { page } = window;
    await page.keyboard.press('Shift+R');
    await page.getByRole('heading', { name: 'The recording has no event' }).waitFor();
    await waitForIdle(page);
    expect(await page.locator('.panel-timeline').innerText()).toContain('no module was loaded or unloaded');
    expect(await faultsOf(page)).toEqual([]);
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

describe('a storm that is recorded', () => {
  test('of ten thousand events a second is shown while it lasts; the window answers, and holds no more than it shows', async () => {
    const events = 60_000;
    const script = {
      steps: [{ hello: {} }, { storm: events, perSecond: 10_000 }, { until: 'stop' }, { bye: ['stop', 'removed'] }],
    };
    const window = await launchWindow({ host: 'loopback', width: 1440, height: 900, script });
    onTestFinished(() => window.close());
    const { page } = window;
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');
    const measure = async () => {
      await devtools.send('HeapProfiler.collectGarbage');
      const { metrics } = await devtools.send('Performance.getMetrics');
      return (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    };
    const shown = async () => Number((await told.topBar(page)).match(/([\d,]+) events/)?.[1]?.replaceAll(',', '') ?? 0);

    await page.keyboard.press('Shift+R');
    await page.locator('.track-header').first().waitFor();
    const early = await measure();
    const seen: number[] = [];
    for (const module of ['storm0', 'storm1', 'storm2', 'storm3', 'storm4']) {
      // Playwright waits until what it clicks stands still and is reached: a window that is blocked never gets there.
      await page.locator('.panel-modules .module-name', { hasText: module }).click();
      await page.locator('.answer-module', { hasText: module }).waitFor();
      seen.push(await shown());
    }
    // It grew while it answered, and was not finished.
    expect(new Set(seen).size).toBeGreaterThan(1);
    expect(seen.at(-1)).toBeLessThan(events);
    await showsEvents(page, events);
    const late = await measure();
    expect(late('Nodes')).toBeLessThan(early('Nodes') + 3000);
    expect(late('JSEventListeners')).toBeLessThan(early('JSEventListeners') + 500);
    expect(late('JSHeapUsedSize')).toBeLessThan(early('JSHeapUsedSize') + 25e6);
    expect(await follows(page)).toBe('true');
    await page.keyboard.press('Shift+R');
    await page.getByRole('button', { name: 'Follow' }).waitFor({ state: 'detached' });
    await showsEvents(page, events);
  });
});
