import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchedWindow, launchWindow, windowHosts } from '../support/launch-window.ts';
import { faultsOf, fixture, openByDialog, openSample, press, settled } from './drive-window.ts';

describe.each(windowHosts)('the event list on %s', (host) => {
  let window: LaunchedWindow;
  beforeAll(async () => {
    window = await launchWindow({ host, width: 1440, height: 900 });
    await openSample(window.page, 'vkms-held-by-logind');
  });
  afterAll(() => window.close());

  const heads = () => window.page.locator('.events-grid [role=columnheader]').allInnerTexts();
  const head = (name: string) => window.page.locator('.events-grid [role=columnheader]', { hasText: name });
  const choose = async (column: string) => {
    const { page } = window;
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: column, exact: true }).click();
    await press(page, 'Escape');
  };
  /** What a copy puts on the clipboard, caught where the page hands it over. */
  const copied = async () => {
    const { page } = window;
    await page.evaluate(() => {
      const kept = globalThis as unknown as { copied?: string };
      delete kept.copied;
      Object.defineProperty(navigator, 'clipboard', {
        configurable: true,
        value: {
          writeText: async (text: string) => {
            kept.copied = text;
          },
        },
      });
    });
    await press(page, 'Control+c');
    return page.evaluate(() => (globalThis as unknown as { copied?: string }).copied);
  };

  test('columns are chosen', async () => {
    expect(await heads()).toEqual(['Line', 'Time', 'CPU', 'Task', 'Event', 'Module', 'Call site', 'Printed', 'Hold']);
    await choose('CPU');
    await choose('Pid');
    expect(await heads()).toEqual(['Line', 'Time', 'Task', 'Pid', 'Event', 'Module', 'Call site', 'Printed', 'Hold']);
    for (const theme of ['light', 'dark'] as const) {
      await window.page.emulateMedia({ colorScheme: theme });
      await window.page.getByRole('button', { name: 'Columns' }).click();
      await settled(window.page);
      expect(await faultsOf(window.page)).toEqual([]);
      await press(window.page, 'Escape');
    }
    await window.page.emulateMedia({ colorScheme: 'light' });
  });

  test('the choice is there when the program is started again', async () => {
    const again = await launchWindow({ host, userFolder: window.userFolder, width: 1440, height: 900 });
    await openSample(again.page, 'vkms-held-by-logind');
    const seen = await again.page.locator('.events-grid [role=columnheader]').allInnerTexts();
    await again.close();
    expect(seen).toEqual(['Line', 'Time', 'Task', 'Pid', 'Event', 'Module', 'Call site', 'Printed', 'Hold']);
    await choose('Pid');
    await choose('CPU');
  });

  test('no cell is cut off: columns are as wide as what they show', async () => {
    const cut = await window.page
      .locator('.events-grid [role=gridcell], .event-head-text')
      .evaluateAll((cells) =>
        cells.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent),
      );
    expect(cut).toEqual([]);
  });

  test('a column is made narrower and wider by dragging its edge, and by the arrow keys', async () => {
    const { page } = window;
    const edge = page.getByRole('separator', { name: 'Width of Task' });
    const width = async () => Math.round((await head('Task').boundingBox())!.width);
    const before = await width();
    const box = (await edge.boundingBox())!;
    await page.mouse.move(box.x + 0.5, box.y + 4);
    await page.mouse.down();
    await page.mouse.move(box.x - 59.5, box.y + 4, { steps: 4 });
    await page.mouse.up();
    await settled(page);
    expect(await width()).toBe(before - 60);
    await page.mouse.move(box.x + 200, box.y + 4);
    expect(await width()).toBe(before - 60);
    await edge.focus();
    await press(page, 'ArrowRight');
    expect(await width()).toBe(before - 44);
    await press(page, 'ArrowLeft');
    // What no longer fits says so, and is told in full by its title.
    const cell = page.locator('.events-grid [role=gridcell]', { hasText: 'systemd-logind-545' }).first();
    expect(
      await cell.evaluate((one) => [one.scrollWidth > one.clientWidth, getComputedStyle(one).textOverflow]),
    ).toEqual([true, 'ellipsis']);
    expect(await cell.getAttribute('title')).toContain('systemd-logind-545');
  });

  test('the width is there when the program is started again, and a double click takes it away', async () => {
    const again = await launchWindow({ host, userFolder: window.userFolder, width: 1440, height: 900 });
    await openSample(again.page, 'vkms-held-by-logind');
    const edge = again.page.getByRole('separator', { name: 'Width of Task' });
    const now = Number(await edge.getAttribute('aria-valuenow'));
    await again.close();
    const own = window.page.getByRole('separator', { name: 'Width of Task' });
    expect(Number(await own.getAttribute('aria-valuenow'))).toBe(now);
    await own.dblclick();
    await settled(window.page);
    expect(Number(await own.getAttribute('aria-valuenow'))).toBe(now + 60);
    await own.focus();
    await press(window.page, 'ArrowLeft');
    await press(window.page, 'Enter');
    expect(Number(await own.getAttribute('aria-valuenow'))).toBe(now + 60);
  });

  test('the selected row is copied as text, in the columns of the list', async () => {
    const { page } = window;
    await page.locator('.events-grid').focus();
    await press(page, 'End');
    expect(await copied()).toBe(
      '27  102.168298  0  systemd-logind-545  put  drm  drm_stub_open  5  ends systemd-logind-545\n',
    );
    expect(await page.locator('.events-copied').innerText()).toBe('Copied 1 event');
  });

  test('Shift and the arrow keys select several, and they are copied below one another', async () => {
    const { page } = window;
    await press(page, 'Shift+ArrowUp');
    await press(page, 'Shift+ArrowUp');
    expect(await page.locator('.events-grid [aria-selected=true]').count()).toBe(3);
    const lines = (await copied())!.split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toContain('vkms  drm_stub_open  2  opens systemd-logind-545');
    expect(new Set(lines.slice(0, 3).map((line) => line.indexOf('systemd-logind-545'))).size).toBe(1);
    await press(page, 'ArrowUp');
    expect(await page.locator('.events-grid [aria-selected=true]').count()).toBe(1);
  });

  test('so does a click with Shift, and Ctrl+A selects all of them', async () => {
    const { page } = window;
    await page.locator('.events-grid [role=row]', { hasText: '102.161679' }).click();
    await settled(page);
    await page.locator('.events-grid [role=row]', { hasText: '102.163020' }).click({ modifiers: ['Shift'] });
    await settled(page);
    expect(await page.locator('.events-grid [aria-selected=true]').count()).toBe(3);
    await page.locator('.events-grid').focus();
    await press(page, 'Control+a');
    expect((await copied())!.split('\n')).toHaveLength(27);
  });

  test('a stack trace opens below its event and is copied with it', async () => {
    const { page } = window;
    await openByDialog(window, fixture('loop-mount/live/trace_pipe.stack.txt'));
    await page.locator('.events-grid [aria-selected=true]').getByRole('button').click();
    await settled(page);
    const frames = await page.locator('.event-frame').allInnerTexts();
    expect(frames[0]).toContain('trace_event_raw_event_module_free');
    expect(frames.at(-1)).toContain('entry_SYSCALL_64_after_hwframe');
    await page.locator('.events-grid').focus();
    const text = (await copied())!.split('\n');
    expect(text[0]).toMatch(/free {2}loop$/);
    expect(text.slice(1, -1)).toEqual(frames.map((frame) => ` ${frame.trim()}`));
    await press(page, 'Enter');
    expect(await page.locator('.event-frame').count()).toBe(0);
  });

  test('several stacks are open at once, and the arrow keys still go from event to event', async () => {
    const { page } = window;
    await press(page, 'Enter');
    await press(page, 'ArrowUp');
    await press(page, 'Enter');
    expect(await page.locator('.event-stack-button[aria-expanded=true]').count()).toBeGreaterThan(0);
    const line = async () => Number.parseInt(await page.locator('.events-grid [aria-selected=true]').innerText(), 10);
    const before = await line();
    await press(page, 'ArrowDown');
    expect(await line()).toBeGreaterThan(before);
    await press(page, 'ArrowUp');
    expect(await line()).toBe(before);
    const rows = await page.locator('.events-grid').getAttribute('aria-rowcount');
    expect(Number(rows)).toBeGreaterThan(96);
  });
});
