import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchedWindow, launchWindow, waitForIdle, windowHosts } from '../support/launch-window.ts';
import { drop, fixture, openByDialog, openSample, press, settled, told } from './drive-window.ts';

describe.each(windowHosts)('opening on %s', (host) => {
  let window: LaunchedWindow;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modshark-opening-'));
    window = await launchWindow({ host, width: 1440, height: 900 });
  });
  afterAll(async () => {
    await window.close();
    await rm(folder, { recursive: true, force: true });
  });

  const alert = () => window.page.getByRole('alert').innerText();

  test('the start screen says what ModShark is, and how to make a recording', async () => {
    const text = await window.page.locator('.start').innerText();
    expect(text).toContain('Who holds this kernel module?');
    expect(text).toContain('sudo trace-cmd record -e module');
    expect(text).toContain('vkms-held-by-logind');
  });

  test.each([
    ['vkms-held-by-logind', '1 file of systemd-logind'],
    ['vkms-free', '2 modules'],
    ['tun-without-a-process', 'tun: 1 reference'],
    ['loop-mounts', 'reference'],
    ['nftables-rules', 'reference'],
    ['files-handed-over', 'testmod_chr: 2 references'],
    ['held-before-the-recording', '5 from before the recording'],
  ])('the sample %s opens with somebody holding', async (name, sum) => {
    await openSample(window.page, name);
    expect(await told.holders(window.page)).toContain(sum);
    expect(await told.topBar(window.page)).toContain(name);
    await window.page.getByTitle('Back to the start screen').click();
    await settled(window.page);
  });

  test('a file that falls on the window is opened', async () => {
    await drop(window.page, fixture('seeds/vkms-free.report.txt'));
    expect(await told.topBar(window.page)).toContain('22 events');
  });

  test('a binary trace.dat is refused with what to do about it, and the old recording stays', async () => {
    const wrong = join(folder, 'trace.dat');
    await writeFile(
      wrong,
      Buffer.concat([Buffer.from([0x17, 0x08, 0x44]), Buffer.from('tracing6\0'), Buffer.alloc(500)]),
    );
    await openByDialog(window, wrong);
    expect(await alert()).toContain('trace-cmd report');
    expect(await told.topBar(window.page)).toContain('vkms-free.report.txt');
    expect(await told.holders(window.page)).toContain('drm');
    await press(window.page, 'Escape');
    expect(await window.page.getByRole('alert').count()).toBe(0);
  });

  test('an empty file is refused', async () => {
    const empty = join(folder, 'empty.txt');
    await writeFile(empty, '');
    await drop(window.page, empty);
    expect((await alert()).length).toBeGreaterThan(40);
    expect(await told.topBar(window.page)).toContain('vkms-free.report.txt');
  });

  test('lines that cannot be read are counted and listed with their reasons', async () => {
    const torn = join(folder, 'torn.txt');
    await writeFile(
      torn,
      [
        'cpus=1',
        '        modprobe-1687  [000]   102.001424: module_load: sysimgblt ',
        '        modprobe-1687  [000]   102.0015zz: module_put:  sysimgblt call_site=do_init_module refcnt=1',
        '        modprobe-1687  [000]   102.001519: module_put:  sysimgblt call_site=do_init_module refcnt=1',
        '',
      ].join('\n'),
    );
    await openByDialog(window, torn);
    await window.page.getByRole('button', { name: '1 rejected line' }).click();
    await settled(window.page);
    const rows = await window.page.locator('.about-table tbody tr').allInnerTexts();
    expect(rows.length).toBe(1);
    expect(rows[0]).toMatch(/^3\t/);
    await press(window.page, 'Escape');
    expect(await window.page.getByRole('dialog').count()).toBe(0);
  });

  test('of several trace buffers one is chosen', async () => {
    const { page } = window;
    await openByDialog(window, fixture('formats/report/buffer.report.txt'));
    const choice = page.getByRole('combobox', { name: 'Buffer' });
    expect(await choice.locator('option').allInnerTexts()).toEqual(['top', 'kslite']);
    const times: string[] = [];
    for (const buffer of ['', 'kslite']) {
      await choice.selectOption(buffer);
      await settled(page);
      expect(await choice.inputValue()).toBe(buffer);
      await page.locator('.events-grid').focus();
      await press(page, 'Home');
      times.push(await told.cursor(page));
    }
    expect(times).toEqual(['66.851947', '66.851994']);
  });

  test('a long opening shows how far it is, and is cancelled without a trace', async () => {
    const { page } = window;
    await page.evaluate(() => {
      // A name with a blank in it is for the exact reader, which takes its time.
      const line =
        '        modprobe-1687  [000]   102.001519: module_put:  sys imgblt call_site=do_init_module refcnt=1\n';
      const megabyte = line.repeat(10_000);
      const dropped = new DataTransfer();
      dropped.items.add(
        new File(
          Array.from({ length: 150 }, () => megabyte),
          'long.txt',
        ),
      );
      const event = new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true });
      document.querySelector('.app')?.dispatchEvent(event);
    });
    await page.locator('.opening-numbers', { hasText: '%' }).waitFor();
    expect(await page.locator('html').getAttribute('data-state')).toBe('busy');
    expect(await told.topBar(page)).toContain('buffer.report.txt');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await waitForIdle(page);
    expect(await page.locator('.opening').count()).toBe(0);
    expect(await told.topBar(page)).toContain('buffer.report.txt');
    expect(await told.events(page)).toContain('systemd-logind-97');
  });

  test('a long recording shows its events first, and who holds what as soon as that is worked out', async () => {
    const { page } = window;
    const seen = await page.evaluate(() => {
      const told: { finding: boolean; rows: boolean; stops: boolean }[] = [];
      new MutationObserver(() => {
        const bar = document.querySelector('.opening');
        told.push({
          finding: bar?.textContent?.startsWith('Finding the holders') === true,
          rows: document.querySelector('.events-grid')?.textContent?.includes('cat-7') === true,
          stops: bar?.querySelector('button') != null,
        });
      }).observe(document.body, { childList: true, subtree: true, characterData: true });
      const line = (task: string, text: string) => `${task} [000] ...1.   102.001519: module_${text}\n`;
      const often =
        line('             cat-7      ', 'get: drm call_site=exact_lock refcnt=2') +
        line('             cat-7      ', 'put: drm call_site=__fput refcnt=1');
      const dropped = new DataTransfer();
      const parts = [
        line('        modprobe-404    ', 'load: vkms '),
        line('  systemd-logind-545    ', 'get: vkms call_site=drm_stub_open [drm] refcnt=2'),
        often.repeat(130_000),
      ];
      dropped.items.add(new File(parts, 'many.txt'));
      const event = new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true });
      document.querySelector('.app')?.dispatchEvent(event);
      return new Promise<typeof told>((resolve) => {
        const look = () =>
          told.at(-1)?.rows && document.querySelector('.opening') === null
            ? resolve(told)
            : requestAnimationFrame(look);
        look();
      });
    });
    await settled(page);
    expect(seen.some(({ finding, rows, stops }) => finding && rows && !stops)).toBe(true);
    expect(await told.topBar(page)).toContain('260,002 events');
    expect(await told.holders(page)).toContain('systemd-logind');
  });

  test('the colours that were chosen are there again after a reload', async () => {
    const { page } = window;
    const theme = () => page.locator('html').getAttribute('data-theme');
    expect(await theme()).toBe('light');
    await page.getByRole('radio', { name: 'Dark' }).check({ force: true });
    await settled(page);
    expect(await theme()).toBe('dark');
    await page.reload();
    await waitForIdle(page);
    expect(await theme()).toBe('dark');
    await page.getByRole('radio', { name: 'As the system' }).check({ force: true });
    await settled(page);
    expect(await theme()).toBe('light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await settled(page);
    expect(await theme()).toBe('dark');
  });

  test('a region’s size that was chosen is there again after a reload', async () => {
    const { page } = window;
    // Where the host gave the last recording, the reload above has opened it again.
    const back = page.getByTitle('Back to the start screen');
    if ((await back.count()) > 0) await back.click();
    await openSample(page, 'vkms-free');
    const bar = () => page.getByRole('separator', { name: 'Width of the modules' });
    await bar().focus();
    await press(page, 'ArrowRight');
    await press(page, 'ArrowRight');
    const wide = await bar().getAttribute('aria-valuenow');
    await page.reload();
    await page.locator('.panel-timeline').waitFor();
    await settled(page);
    expect(await bar().getAttribute('aria-valuenow')).toBe(wide);
  });
});
