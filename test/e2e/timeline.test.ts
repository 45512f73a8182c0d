import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LaunchedWindow, launchWindow, windowHosts } from '../support/launch-window.ts';
import { openSample, pointOf, press, selectModule, settled, told, visibleWindow } from './drive-window.ts';

const RULER = 28;
const STEP = 44;

describe.each(windowHosts)('the timeline on %s', (host) => {
  let window: LaunchedWindow;
  beforeAll(async () => {
    window = await launchWindow({ host, width: 1440, height: 900 });
    await openSample(window.page, 'vkms-held-by-logind');
  });
  beforeEach(() => press(window.page, '0'));
  afterAll(() => window.close());

  test('the wheel zooms around the pointer', async () => {
    const { page } = window;
    const whole = await visibleWindow(page);
    const place = await pointOf(page, 0.25, RULER + 20);
    await page.mouse.move(place.x, place.y);
    await page.mouse.wheel(0, -400);
    await settled(page);
    const zoomed = await visibleWindow(page);
    const at = whole.from + 0.25 * (whole.to - whole.from);
    expect(zoomed.to - zoomed.from).toBeLessThan(0.6 * (whole.to - whole.from));
    expect((at - zoomed.from) / (zoomed.to - zoomed.from)).toBeCloseTo(0.25, 2);
  });

  test('a pinch zooms, a sideways wheel and Shift with the wheel pan', async () => {
    const { page } = window;
    const place = await pointOf(page, 0.5, RULER + 20);
    await page.mouse.move(place.x, place.y);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -60);
    await page.keyboard.up('Control');
    await settled(page);
    const zoomed = await visibleWindow(page);
    await page.mouse.wheel(100, 0);
    await settled(page);
    const panned = await visibleWindow(page);
    expect(panned.from).toBeGreaterThan(zoomed.from);
    expect(panned.to - panned.from).toBeCloseTo(zoomed.to - zoomed.from, -2);
    await page.keyboard.down('Shift');
    await page.mouse.wheel(0, -100);
    await page.keyboard.up('Shift');
    await settled(page);
    expect((await visibleWindow(page)).from).toBeLessThan(panned.from);
  });

  test('a drag takes the recording along, as far as it goes', async () => {
    const { page } = window;
    await press(page, 'w');
    await press(page, 'w');
    await press(page, 'w');
    const before = await visibleWindow(page);
    const from = await pointOf(page, 0.3, RULER + 20);
    const to = await pointOf(page, 0.5, RULER + 20);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 5 });
    await page.mouse.up();
    await settled(page);
    const after = await visibleWindow(page);
    expect((before.from - after.from) / (before.to - before.from)).toBeCloseTo(0.2, 1);
  });

  test('Shift and a drag zoom into what is marked', async () => {
    const { page } = window;
    const whole = await visibleWindow(page);
    const from = await pointOf(page, 0.5, RULER + 20);
    const to = await pointOf(page, 0.75, RULER + 20);
    await page.mouse.move(from.x, from.y);
    await page.keyboard.down('Shift');
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 5 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await settled(page);
    const marked = await visibleWindow(page);
    const span = whole.to - whole.from;
    expect((marked.from - whole.from) / span).toBeCloseTo(0.5, 2);
    expect((marked.to - whole.from) / span).toBeCloseTo(0.75, 2);
  });

  test('keys zoom, pan, go to the ends and show everything again', async () => {
    const { page } = window;
    const whole = await visibleWindow(page);
    for (const key of ['w', '+', '=']) await press(page, key);
    const close = await visibleWindow(page);
    expect((whole.to - whole.from) / (close.to - close.from)).toBeCloseTo(1.5 ** 3, 1);
    await press(page, 'Home');
    const start = await visibleWindow(page);
    expect(start.from).toBe(whole.from);
    await press(page, 'd');
    expect((await visibleWindow(page)).from).toBeGreaterThan(start.from);
    await press(page, 'ArrowLeft');
    await press(page, 'ArrowLeft');
    expect((await visibleWindow(page)).from).toBe(start.from);
    await press(page, 'End');
    expect((await visibleWindow(page)).to).toBe(whole.to);
    for (const key of ['s', '-', 's']) await press(page, key);
    expect(await visibleWindow(page)).toEqual(whole);
    await press(page, 'w');
    await press(page, '0');
    expect(await visibleWindow(page)).toEqual(whole);
  });

  test('the overview’s brush is dragged, drawn anew, and moved with keys', async () => {
    const { page } = window;
    const whole = await visibleWindow(page);
    const box = await page.locator('.brush').boundingBox();
    const x = (part: number) => box!.x + box!.width * part;
    await page.mouse.move(x(0.4), box!.y + 20);
    await page.mouse.down();
    await page.mouse.move(x(0.6), box!.y + 20, { steps: 4 });
    await page.mouse.up();
    await settled(page);
    const drawn = await visibleWindow(page);
    expect((drawn.from - whole.from) / (whole.to - whole.from)).toBeCloseTo(0.4, 2);
    await page.mouse.move(x(0.5), box!.y + 20);
    await page.mouse.down();
    await page.mouse.move(x(0.3), box!.y + 20, { steps: 4 });
    await page.mouse.up();
    await settled(page);
    expect(((await visibleWindow(page)).from - whole.from) / (whole.to - whole.from)).toBeCloseTo(0.2, 2);
    await page.getByRole('slider', { name: 'End of the visible window' }).press('ArrowRight');
    await settled(page);
    expect((await visibleWindow(page)).to - (await visibleWindow(page)).from).toBeGreaterThan(drawn.to - drawn.from);
  });

  test('a click on a hold selects it, its module and its instant in every region', async () => {
    const { page } = window;
    await selectModule(page, 'vkms');
    await press(page, '0');
    const header = await page.locator('.track-header', { hasText: 'drm' }).first().boundingBox();
    const canvas = await page.locator('.track-canvas').boundingBox();
    // The first lane of drm: drm_kms_helper's link, which stays until the end.
    await page.mouse.click(canvas!.x + canvas!.width * 0.98, header!.y + STEP + 9);
    await settled(page);
    expect(await told.selectedModule(page)).toEqual({ list: 'drm', holders: 'drm', track: 'drm' });
    expect(await page.locator('.holder-card-selected').innerText()).toContain('drm_kms_helper');
    // Past the last event: the hold was never given back.
    expect(await told.cursor(page)).toMatch(/^102\.18/);
  });

  test('what lies under the pointer is told in full', async () => {
    const { page } = window;
    const header = await page.locator('.track-header', { hasText: 'drm' }).first().boundingBox();
    const canvas = await page.locator('.track-canvas').boundingBox();
    await page.mouse.move(canvas!.x + canvas!.width * 0.97, header!.y + STEP + 9);
    await settled(page);
    const tooltip = await page.getByRole('tooltip').innerText();
    for (const fact of ['drm_kms_helper', 'ref_module', '102.145601', 'still held at the end', 'high'])
      expect(tooltip).toContain(fact);
    await page.mouse.move(canvas!.x + 20, canvas!.y + canvas!.height - 2);
    await settled(page);
  });

  test('n and p go from event to event of the selected module and bring it into view', async () => {
    const { page } = window;
    await selectModule(page, 'vkms');
    await page.locator('.track-canvas').focus();
    for (let i = 0; i < 4; i++) await press(page, 'w');
    await press(page, 'Home');
    for (const time of ['102.168297', '102.163020', '102.161679']) {
      await press(page, 'p');
      expect(await told.cursor(page)).toBe(time);
    }
    await press(page, 'n');
    expect(await told.cursor(page)).toBe('102.163020');
    const { from, to } = await visibleWindow(page);
    const at = 102.16302e9 - 102.001424e9;
    expect(at > from && at < to).toBe(true);
  });
});
