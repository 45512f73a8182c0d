import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchedWindow, launchWindow, windowHosts } from '../support/launch-window.ts';
import { faultsOf, openSample, pointOf, press, settled, told, visibleWindow } from './drive-window.ts';

describe.each(windowHosts)('markers A and B on %s', (host) => {
  let window: LaunchedWindow;
  beforeAll(async () => {
    window = await launchWindow({ host, width: 1440, height: 900 });
    await openSample(window.page, 'vkms-held-by-logind');
  });
  afterAll(() => window.close());
  const facts = () => window.page.locator('.marker-facts').innerText();

  test('are set at the cursor, and the exact time between them is told', async () => {
    const { page } = window;
    for (let i = 0; i < 3; i++) await press(page, 'p');
    expect(await told.cursor(page)).toBe('102.161679');
    await press(page, 'Shift+A');
    expect(await facts()).toContain('102.161679');
    for (let i = 0; i < 2; i++) await press(page, 'n');
    expect(await told.cursor(page)).toBe('102.168297');
    await press(page, 'Shift+B');
    expect(await facts()).toMatch(/A–B\s*6\.618 ms/);
  });

  test('what lies between is zoomed to, in the middle of the window', async () => {
    await press(window.page, 'x');
    const { from, to } = await visibleWindow(window.page);
    expect((to - from) / 6_618_000).toBeGreaterThan(1);
    expect((to - from) / 6_618_000).toBeLessThan(1.3);
  });

  test('are drawn where they stand', async () => {
    const { page } = window;
    const before = await page.locator('.track-canvas canvas').screenshot();
    await press(page, 'Shift+X');
    expect(await page.locator('.marker-facts').count()).toBe(0);
    expect((await page.locator('.track-canvas canvas').screenshot()).equals(before)).toBe(false);
  });

  test('are set at the pointer from the menu of the ruler', async () => {
    const { page } = window;
    for (const [part, name] of [
      [0.25, 'Set marker A here'],
      [0.75, 'Set marker B here'],
    ] as const) {
      const { x, y } = await pointOf(page, part, 10);
      await page.mouse.click(x, y, { button: 'right' });
      expect(await faultsOf(page)).toEqual([]);
      await page.getByRole('menuitem', { name }).click();
      await settled(page);
    }
    const { from, to } = await visibleWindow(page);
    const milliseconds = Number(/A–B\s*([\d.]+) ms/.exec(await facts())?.[1]);
    expect(milliseconds / ((to - from) / 2 / 1e6)).toBeCloseTo(1, 1);
    await page.getByRole('button', { name: 'Clear markers A and B' }).click();
  });

  test('the selected module’s holds are gone through one by one, and one is zoomed to', async () => {
    const { page } = window;
    await press(page, '0');
    await press(page, 'Home');
    await page.locator('.track-canvas').focus();
    for (let i = 0; i < 9; i++) await press(page, 'Shift+P');
    const first = await told.cursor(page);
    await press(page, 'Shift+N');
    const second = await told.cursor(page);
    expect(Number(second)).toBeGreaterThan(Number(first));
    await press(page, 'Shift+P');
    expect(await told.cursor(page)).toBe(first);
    const whole = await visibleWindow(page);
    await press(page, 'z');
    const close = await visibleWindow(page);
    expect(close.to - close.from).toBeLessThan((whole.to - whole.from) / 2);
  });
});
