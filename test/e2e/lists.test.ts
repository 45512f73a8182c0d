import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchedWindow, launchWindow, windowHosts } from '../support/launch-window.ts';
import { fixture, openByDialog, openSample, pointOf, press, selectModule, settled, told } from './drive-window.ts';

describe.each(windowHosts)('the lists on %s', (host) => {
  let window: LaunchedWindow;
  beforeAll(async () => {
    window = await launchWindow({ host, width: 1440, height: 900 });
    await openSample(window.page, 'vkms-held-by-logind');
  });
  afterAll(() => window.close());

  const names = () => window.page.locator('.panel-modules .module-name').allInnerTexts();

  test('the modules say what lsmod would say at the cursor, and who uses them', async () => {
    const rows = await window.page.locator('.panel-modules [aria-rowindex]').allInnerTexts();
    const drm = rows.find((row) => row.startsWith('drm\n'));
    expect(drm).toContain('drm_kms_helper, vkms');
    expect(drm).toMatch(/\n4\n0\n8$/);
    await press(window.page, 'p');
    await press(window.page, 'p');
    const earlier = await window.page.locator('.panel-modules [aria-selected=true]').innerText();
    expect(earlier).toMatch(/^vkms\n0\n0\n3$/);
  });

  test('they are searched and sorted', async () => {
    const { page } = window;
    await page.getByRole('searchbox', { name: 'Search modules' }).fill('sys');
    await settled(page);
    expect((await names()).sort()).toEqual(['fb_sys_fops', 'syscopyarea', 'sysfillrect', 'sysimgblt']);
    await page.getByRole('searchbox', { name: 'Search modules' }).fill('nosuch');
    await settled(page);
    expect(await page.locator('.panel-modules').innerText()).toContain('No module has that name.');
    await page.getByRole('searchbox', { name: 'Search modules' }).fill('');
    await page.getByRole('button', { name: 'Module ← used by' }).click();
    await settled(page);
    expect(await names()).toEqual([...(await names())].sort());
    await page.getByRole('button', { name: 'Events' }).click();
    await settled(page);
    expect((await names())[0]).toBe('drm');
  });

  test('the arrow keys go through the modules', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'Module ← used by' }).click();
    await page.getByRole('grid', { name: 'Modules at the cursor' }).focus();
    await press(page, 'Home');
    expect((await told.selectedModule(page)).holders).toBe('drm');
    await press(page, 'ArrowDown');
    expect((await told.selectedModule(page)).holders).toBe('drm_kms_helper');
    await press(page, 'End');
    expect((await told.selectedModule(page)).holders).toBe('vkms');
  });

  test('a click on an event selects it, its module and its hold everywhere', async () => {
    const { page } = window;
    await page.locator('.events-grid [role=row]', { hasText: '102.160090' }).click();
    await settled(page);
    expect(await told.cursor(page)).toBe('102.160090');
    expect(await told.selectedModule(page)).toEqual({
      list: 'drm_kms_helper',
      holders: 'drm_kms_helper',
      track: 'drm_kms_helper',
    });
    expect(await page.locator('.holder-card-selected').innerText()).toContain('vkms');
  });

  test('the events follow the cursor', async () => {
    const { page } = window;
    const { x, y } = await pointOf(page, 0.1, 10);
    await page.mouse.click(x, y);
    await settled(page);
    const selected = await page.locator('.events-grid [aria-selected=true]').innerText();
    expect(selected).toContain('sysfillrect');
  });

  test('words typed into the filter must all occur', async () => {
    const { page } = window;
    await press(page, '/');
    await page.keyboard.type('logind get');
    await settled(page);
    expect(await page.locator('.events-count').innerText()).toBe('3 of 26 events');
    expect(await page.locator('.events-grid [aria-rowindex]').count()).toBe(4);
    await page.getByRole('checkbox', { name: 'Selected module only' }).check();
    await selectModule(page, 'vkms');
    expect(await page.locator('.events-count').innerText()).toBe('1 of 26 events');
    await page.getByRole('combobox', { name: 'Filter events' }).fill('');
    await page.getByRole('checkbox', { name: 'Selected module only' }).uncheck();
    await settled(page);
  });

  test('the refcount stands beside the events as a chart', async () => {
    const { page } = window;
    await page.getByRole('tab', { name: /Refcount/ }).click();
    await settled(page);
    expect(await page.locator('.detail-chart path.recharts-line-curve').getAttribute('d')).toContain('L');
    await page.getByRole('tab', { name: /Refcount/ }).press('Home');
    await settled(page);
    expect(await told.events(page)).toContain('102.001424');
  });

  test('150,000 events are scrolled to the very end and back', async () => {
    const { page } = window;
    await openByDialog(window, fixture('storm/live/trace_pipe.txt.gz'));
    expect(await page.locator('.events-count').innerText()).toBe('150,018 events');
    await page.locator('.events-grid').focus();
    await press(page, 'Home');
    const first = await page.locator('.events-grid [aria-selected=true]').innerText();
    expect(first).toMatch(/^1\n/);
    await press(page, 'End');
    expect(await page.locator('.events-grid [aria-selected=true]').innerText()).toMatch(/^150018\n/);
    await page.locator('.events-grid').evaluate((box) => {
      box.scrollTop = box.scrollHeight / 2;
    });
    await settled(page);
    const middle = Number((await page.locator('.events-grid [role=row] .number').nth(12).innerText()).trim());
    expect(middle).toBeGreaterThan(74_000);
    expect(middle).toBeLessThan(76_100);
  });

  test('a list taller than a browser can draw is scrolled by true pixels all the same', async () => {
    const { page } = window;
    await page.evaluate(() => {
      const lines: string[] = [];
      for (let i = 0; i < 400_000; i++) {
        const event =
          i % 2 === 0 ? 'module_get: tun call_site=misc_open refcnt=2' : 'module_put: tun call_site=__fput refcnt=1';
        lines.push(
          `  qemu-101     [000] ...1.    ${8 + Math.floor(i / 1000)}.${String(i % 1000).padStart(3, '0')}000: ${event}\n`,
        );
      }
      const dropped = new DataTransfer();
      dropped.items.add(new File(lines, 'tall.txt'));
      document.querySelector('.app')?.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true }));
    });
    await settled(page);
    expect(await page.locator('.events-count').innerText()).toBe('400,000 events');
    const list = page.locator('.events-grid');
    expect(await list.evaluate((box) => box.scrollHeight)).toBeLessThan(400_000 * 24);
    const lineInView = async () => Number(await list.locator('[role=row] .number').nth(12).innerText());
    await list.focus();
    await press(page, 'End');
    expect(await list.locator('[aria-selected=true]').innerText()).toMatch(/^400000\n/);
    await list.evaluate((box) => {
      box.scrollTop = box.scrollHeight / 4;
    });
    await settled(page);
    const quarter = await lineInView();
    expect(quarter).toBeGreaterThan(99_500);
    expect(quarter).toBeLessThan(100_500);
    const box = await list.boundingBox();
    await page.mouse.move(box!.x + 200, box!.y + 100);
    await page.mouse.wheel(0, 240);
    await settled(page);
    expect(await lineInView()).toBe(quarter + 10);
    await press(page, 'Home');
    expect(await list.locator('[aria-selected=true]').innerText()).toMatch(/^1\n/);
  });

  test('names that a stranger chose are shown for what they are', async () => {
    const { page } = window;
    await openByDialog(window, fixture('comm-names/live/trace_pipe.txt'));
    await page.locator('.events-grid').focus();
    await press(page, 'Home');
    const seen = new Set<string>();
    for (let i = 0; i < 8; i++) {
      for (const task of await page.locator('.events-grid [role=row] [role=gridcell]:nth-child(4)').allInnerTexts())
        seen.add(task);
      await press(page, 'PageDown');
    }
    const tasks = [...seen].join('\u0000');
    expect(tasks).toContain('\\e[31mred');
    expect(tasks).toContain('(empty)-');
    expect(tasks).toMatch(/\\[nt]/);
    const raw = [...tasks].filter((character) => character !== '\u0000' && character < ' ');
    expect(raw).toEqual([]);
  });
});
