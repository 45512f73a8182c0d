import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type LaunchOptions, waitForIdle } from '../support/launch-window.ts';
import { launchPaced, showsEvents } from '../support/paced-window.ts';
import { fixture, pointOf, press, selectModule, settled, told, visibleWindow } from './drive-window.ts';

async function record(options: Partial<Omit<LaunchOptions, 'script'>> = {}) {
  const window = await launchPaced({ host: 'loopback', width: 1440, height: 900, ...options });
  onTestFinished(() => window.close());
  return window;
}

/** As many gets and puts of `tun` as events, a millisecond apart; the last one holds it where their number is odd. */
function many(events: number, from: number): string {
  return Array.from({ length: events }, (_, i) => {
    const [what, site, refcount] = i % 2 === 0 ? ['get', 'chrdev_open', 2] : ['put', '__fput', 1];
    const stamp = (from + i / 1000).toFixed(6).padStart(12);
    return `            cat-${700 + (i % 90)}     [000] .....${stamp}: module_${what}: tun call_site=${site} refcnt=${refcount}\n`;
  }).join('');
}

/** Notes whatever a region says from now on, however shortly it says it; the answer gives what it said. */
async function listen(page: Page, selector: string, attribute?: string): Promise<() => Promise<string[]>> {
  const said = await page.evaluateHandle(
    ([where, name]) => {
      const heard: string[] = [];
      const hear = () => {
        const element = document.querySelector(where!);
        const text = (name === undefined ? element?.textContent : element?.getAttribute(name)) ?? '';
        if (text !== '' && heard.at(-1) !== text) heard.push(text);
      };
      new MutationObserver(hear).observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      });
      hear();
      return heard;
    },
    [selector, attribute] as const,
  );
  return () => said.jsonValue();
}

const follows = (page: Page) => page.getByRole('button', { name: 'Follow' }).getAttribute('aria-pressed');

describe('a large recording that grows', () => {
  test('shows events and refcounts before they are accounted for, says of which time its holders are, and catches up', async () => {
    const window = await record();
    const { page } = window;
    await window.say(many(32_000, 100), 32_000);
    expect(await page.locator('.growth-lag').innerText()).toBe('');
    const lags = await listen(page, '.growth-lag');
    const answers = await listen(page, '.holders-time');
    await window.say(many(10_001, 132), 42_001);
    const said = await lags();
    const of = /^holders as of (\d+\.\d{6}) · ([\d,]+) events? behind$/;
    expect(said.filter((text) => of.test(text))).not.toEqual([]);
    for (const text of said.filter((one) => one !== '')) expect(text).toMatch(/^(holders )?as of \d+\.\d{6} · /);
    const [, time, behind] = of.exec(said.find((text) => of.test(text))!)!;
    expect(time).toBe('131.999000');
    expect(Number(behind!.replaceAll(',', ''))).toBeLessThanOrEqual(10_001);
    expect(await answers()).toContain('as of 131.999000');
    // In the end nothing is behind.
    expect(await page.locator('.growth-lag').innerText()).toBe('');
    expect(await told.cursor(page)).toBe('142.000000');
    expect(await told.holders(page)).toContain('tun: 1 reference = 1 file of cat');
  });

  test('is told to the person who paused it, in full, and goes on where it stood', async () => {
    const window = await record();
    const { page } = window;
    await window.say(many(32_001, 100), 32_001);
    await press(page, 'Shift+F');
    await window.print(many(5000, 132.001).replaceAll('refcnt=2', 'refcnt=3').replaceAll('refcnt=1', 'refcnt=2'));
    await page.locator('.growth-lag').getByText('5,000 events waiting').waitFor();
    await waitForIdle(page);
    expect(await told.topBar(page)).toContain('32,001 events');
    expect(await told.holders(page)).toContain('tun: 1 reference = 1 file of cat');
    await press(page, 'Shift+F');
    await showsEvents(page, 37_001);
    expect(await page.locator('.growth-lag').innerText()).toBe('');
  });

  test('takes notes, markers, a filter, a search, exports and a session while events come', async () => {
    const window = await record();
    const { page } = window;
    await window.say(many(31_000, 100), 31_000);
    await press(page, 'p');
    const at = await told.cursor(page);
    await press(page, 'Shift+A');
    await press(page, 'm');
    await page.keyboard.type('half of a no');
    // This one came late, and before all others: time zero is another, and what is being written stays.
    await window.say(many(4000, 131) + many(1, 99).replace('[000]', '[001]'), 35_001);
    expect(await told.cursor(page)).toBe(at);
    await page.keyboard.type('te');
    await press(page, 'Enter');
    await press(page, 'n');
    await press(page, 'p');
    expect(await told.cursor(page)).toBe(at);
    await page.getByRole('combobox', { name: /filter/i }).fill('event:put');
    await settled(page);
    expect(await page.locator('.events-count').innerText()).toBe('17,500 of 35,001 events');
    await page.locator('.track-canvas').focus();
    await press(page, 'Control+f');
    await page.keyboard.type('task:cat pid:703');
    await settled(page);
    const hits = () => page.locator('.search-bar').innerText();
    const before = await hits();
    await window.print(many(6000, 135));
    const [session] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Control+s')]);
    await showsEvents(page, 41_001);
    expect(await page.locator('.events-count').innerText()).toBe('20,500 of 41,001 events');
    expect(await hits()).not.toBe(before);
    const saved = JSON.parse(await readFile(await session.path(), 'utf8'));
    expect(saved).toMatchObject({ filter: 'event:put', notes: [{ text: 'half of a note' }] });
    // A second before the marker was set, the first event came late.
    expect(saved.markers.a).toBe(saved.notes[0].time);
    expect(99 + saved.notes[0].time / 1e9).toBeCloseTo(Number(at), 6);

    await press(page, 'Escape');
    await press(page, 'Control+e');
    await page.locator('.export-kind', { has: page.getByText('Events', { exact: true }) }).click();
    await window.print(many(2000, 141));
    const [table] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save', exact: true }).click(),
    ]);
    const lines = (await readFile(await table.path(), 'utf8')).trimEnd().split('\n').length - 1;
    // Each put of the thirty seconds in view.
    expect(lines).toBe(15_001);
    await showsEvents(page, 43_001);
  });

  test('lets another trace buffer be chosen while it is looked at, and goes on with that one', async () => {
    const window = await record();
    const { page } = window;
    const text = await readFile(fixture('formats/report/buffer.report.txt'), 'utf8');
    const lines = text.split('\n').slice(1);
    const ofBuffer = (of: readonly string[]) => of.filter((line) => line.startsWith('kslite:')).length;
    const half = lines.slice(0, 20);
    await window.say(`${half.join('\n')}\n`, half.length - ofBuffer(half));
    const choice = page.getByLabel('Buffer');
    await window.print(`${lines.slice(20, 30).join('\n')}\n`);
    await choice.selectOption('kslite');
    await showsEvents(page, ofBuffer(lines.slice(0, 30)));
    await window.say(`${lines.slice(30).join('\n')}`, ofBuffer(lines));
    expect(await choice.inputValue()).toBe('kslite');
    await selectModule(page, 'vkms');
    expect(await told.holders(page)).toContain('Not loaded at this time');
    await window.stop();
    expect(await choice.inputValue()).toBe('kslite');
    expect(await told.topBar(page)).toContain(`${ofBuffer(lines)} events`);
  });

  test('is shown no further than memory goes: it says that the view is full, and that the recording goes on', async () => {
    const window = await record();
    const { page } = window;
    // Five million events are no story for a browser under test: the same limit, at a thousandth of a thousandth.
    let limits = 0;
    await page.route('**/*.js', async (route) => {
      const response = await route.fetch();
      const script = await response.text();
      const body = script.replaceAll(/mostEvents:(\w+)=[\w.]+/g, (_, name) => {
        limits++;
        return `mostEvents:${name}=5`;
      });
      await route.fulfill({ response, body });
    });
    await page.reload();
    await page.getByText('waiting for the first module event').waitFor();
    await waitForIdle(page);
    expect(limits).toBe(1);
    await window.print(many(7, 100));
    await page.getByText('The view is full at 7 events; the recording goes on').waitFor();
    await waitForIdle(page);
    expect(await told.holders(page)).toContain('tun: 1 reference = 1 file of cat');
    await window.print(many(4, 200));
    await waitForIdle(page);
    expect(await told.topBar(page)).toContain('7 events');
    await page.keyboard.press('Shift+R');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save…' }).click(),
    ]);
    expect((await readFile(await file.path(), 'latin1')).match(/: module_/g)).toHaveLength(11);
    await waitForIdle(page);
  });
});

describe('following the latest event', () => {
  test('glides there, in one move for whom motion is too much, stands still for whom looks back, and goes on when told to', async () => {
    const window = await record();
    const { page } = window;
    await window.say(many(2000, 100), 2000);
    await window.say(many(1, 140), 2001);
    const { x, y } = await pointOf(page, 0.5, 8);
    await page.mouse.dblclick(x, y);
    await page.keyboard.type('a note moves with its time');
    await page.getByRole('button', { name: 'Follow' }).click();
    await settled(page);
    const places = await listen(page, '.note-editor', 'style');
    const leftOf = (style: string) => Number(/left: ([\d.]+)px/.exec(style)?.[1]);
    const moves = async () => (await places()).map(leftOf);
    await window.say(many(1, 146), 2002);
    const glide = await moves();
    // From 140 to 146 of thirty seconds on some thousand pixels, in steps that never go back.
    expect(glide.length).toBeGreaterThan(3);
    expect(glide).toEqual([...glide].sort((a, b) => b - a));
    expect(glide[0]! - glide.at(-1)!).toBeGreaterThan(100);

    await page.emulateMedia({ reducedMotion: 'reduce' });
    const before = glide.length;
    await window.say(many(1, 148), 2003);
    expect((await moves()).length).toBe(before + 1);
    await page.emulateMedia({ reducedMotion: 'no-preference' });

    await page.locator('.track-canvas').focus();
    await press(page, 'ArrowLeft');
    await press(page, 'ArrowLeft');
    expect(await follows(page)).toBe('false');
    const still = await visibleWindow(page);
    const kept = await moves();
    await window.say(many(1, 155), 2004);
    expect((await moves()).slice(kept.length)).toEqual([]);
    expect(await visibleWindow(page)).toEqual(still);
    await press(page, 'f');
    expect((await visibleWindow(page)).to).toBeGreaterThan(55e9);
    expect(await follows(page)).toBe('true');
  });

  test('ends where somebody drags the scroll bar of the list, or the window in the overview', async () => {
    const window = await record({ scrollBars: true });
    const { page } = window;
    await window.say(many(3000, 100), 3000);
    expect(await follows(page)).toBe('true');
    const grid = page.locator('.events-grid');
    const bar = await grid.evaluate((list) => {
      const box = list.getBoundingClientRect();
      return {
        x: box.left + list.clientWidth,
        width: box.width - list.clientWidth,
        y: box.top,
        height: list.clientHeight,
      };
    });
    expect(bar.width).toBeGreaterThan(5);
    const x = bar.x + bar.width / 2;
    await page.mouse.move(x, bar.y + bar.height - 25);
    await page.mouse.down();
    await page.mouse.move(x, bar.y + bar.height / 2, { steps: 4 });
    await page.mouse.up();
    await settled(page);
    expect(await follows(page)).toBe('false');
    const place = await grid.evaluate((list) => list.scrollTop);
    expect(place).toBeGreaterThan(0);
    await window.say(many(20, 104), 3020);
    expect(await grid.evaluate((list) => list.scrollTop)).toBe(place);

    await press(page, 'f');
    expect(await follows(page)).toBe('true');
    expect(await grid.evaluate((list) => list.scrollTop)).toBeGreaterThan(place);
    await press(page, '+');
    await press(page, '+');
    await press(page, 'f');
    const brush = (await page.locator('.brush-window').boundingBox())!;
    await page.mouse.move(brush.x + brush.width / 2, brush.y + brush.height / 2);
    await page.mouse.down();
    await page.mouse.move(brush.x + brush.width / 2 - 200, brush.y + brush.height / 2, { steps: 4 });
    await page.mouse.up();
    await settled(page);
    expect(await follows(page)).toBe('false');
  });
});
