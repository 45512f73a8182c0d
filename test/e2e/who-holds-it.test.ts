import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchedWindow, launchWindow, windowHosts } from '../support/launch-window.ts';
import { fixture, openByDialog, openSample, pointOf, press, selectModule, settled, told } from './drive-window.ts';

describe.each(windowHosts)('who holds it, on %s', (host) => {
  let window: LaunchedWindow;
  beforeAll(async () => {
    window = await launchWindow({ host, width: 1440, height: 900 });
    await openSample(window.page, 'vkms-held-by-logind');
  });
  afterAll(() => window.close());

  test('opening the vkms sample tells at once that systemd-logind holds it, how, and since when', async () => {
    const text = await told.holders(window.page);
    expect(text).toContain('systemd-logind-545');
    expect(text).toContain('1 reference (file) via drm_stub_open since 102.168297');
    expect(text).toContain('vkms: 1 reference = 1 file of systemd-logind');
    expect(text).toContain('1 explained');
    expect(text).toContain('0 unexplained');
    expect(text).toContain('high');
  });

  test('it tells what to do, with commands that only look', async () => {
    const commands = await window.page.locator('.holder-command pre').allInnerTexts();
    expect(commands).toEqual(['systemctl status 545', 'sudo ls -l /proc/545/fd']);
  });

  test('drm’s four references are told as a sum', async () => {
    await selectModule(window.page, 'drm');
    expect(await told.holders(window.page)).toContain(
      'drm: 4 references = 2 modules + 1 DRM filesystem of vkms + 1 file of systemd-logind',
    );
    expect(await window.page.locator('.holder-name').allInnerTexts()).toEqual(
      expect.arrayContaining(['drm_kms_helper', 'vkms', 'systemd-logind-545']),
    );
  });

  test('a line of the evidence leads to its event, which then is selected everywhere', async () => {
    await selectModule(window.page, 'vkms');
    await window.page.locator('.holder-lines').getByRole('button', { name: '26' }).click();
    await settled(window.page);
    expect(await window.page.locator('.event-row[aria-selected=true]').innerText()).toContain('drm_stub_open');
    expect(await told.cursor(window.page)).toBe('102.168297');
  });

  test('what else an open holds leads to that module', async () => {
    await window.page.locator('.holder-also').getByRole('button', { name: 'drm' }).click();
    await settled(window.page);
    expect(await told.selectedModule(window.page)).toEqual({ list: 'drm', holders: 'drm', track: 'drm' });
  });

  test('before the open, nothing holds vkms', async () => {
    await selectModule(window.page, 'vkms');
    await press(window.page, 'End');
    await press(window.page, 'p');
    await press(window.page, 'p');
    expect(await told.cursor(window.page)).toBe('102.163020');
    const text = await told.holders(window.page);
    expect(text).toContain('Nothing holds it');
    expect(text).toContain('lsmod would show 0');
  });

  test('before its load, vkms is not in the kernel', async () => {
    const { page } = window;
    const { x, y } = await pointOf(page, 0.3, 10);
    await page.mouse.click(x, y);
    await settled(page);
    expect(await told.holders(page)).toContain('Not loaded at this time');
  });

  test('what was held before the recording is told as far as it is known', async () => {
    const { page } = window;
    await openByDialog(window, fixture('late-start/live/trace_pipe.txt'));
    await page.locator('.events-grid').focus();
    await press(page, 'Home');
    expect(await told.cursor(page)).toBe('7.748235');
    await selectModule(page, 'vkms');
    expect(await told.holders(page)).toContain('vkms: 1 reference = 1 file of systemd-logind');
    await press(page, 'n');
    const text = await told.holders(page);
    expect(text).toContain('Xorg-103');
    expect(text).toContain('since 7.748403');
    expect(text).toContain('systemd-logind-97');
    expect(text).toContain('from before the recording, until 7.950131');
  });

  test('numbers of a kernel that counted per CPU are not taken for use counts', async () => {
    await openByDialog(window, fixture('seeds/testmod.trace_pipe.txt'));
    const text = await told.holders(window.page);
    expect(text).toContain('no use count');
    expect(text).toContain('Not loaded at this time');
  });
});
