import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchedWindow, launchWindow, windowHosts } from '../support/launch-window.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTerminalPane, run, typeLine, untilScreen } from './drive-terminal.ts';
import { drop, faultsOf, openByDialog, pointOf, press, settled, told } from './drive-window.ts';

const seconds = (nanoseconds: bigint) => (Number(nanoseconds / 1_000n) / 1e6).toFixed(6);

/** What `modshark record` would have written of a module that is there for a minute from now, by this machine's clock. */
async function recordingOfNow(boot?: string): Promise<string> {
  const now = process.hrtime.bigint();
  const event = (at: bigint, text: string) => `        modprobe-1687    [001] .....   ${seconds(at)}: ${text}\n`;
  const id = boot ?? (await readFile('/proc/sys/kernel/random/boot_id', 'latin1')).trim();
  return [
    '# modshark recording 1\n# clock: mono\n',
    `# boot: ${id}\n`,
    event(now - 1_000_000n, 'module_load: vkms OE'),
    event(now + 60_000_000_000n, 'module_get: vkms call_site=drm_stub_open refcnt=2'),
  ].join('');
}

async function writeRecording(path: string, boot?: string): Promise<string> {
  await writeFile(path, await recordingOfNow(boot));
  return path;
}

/** The commands of the recording, as the pane lists them. */
async function listed(page: Page): Promise<string[]> {
  await page.getByTitle('Commands of the recording').click();
  await settled(page);
  const texts = await page.locator('.command-list li').allInnerTexts();
  await press(page, 'Escape');
  return texts.map((text) => text.replaceAll('\n', ' '));
}

describe.each(windowHosts)('commands as marks on %s', (host) => {
  let window: LaunchedWindow;
  let folder: string;
  beforeAll(async () => {
    window = await launchWindow({ host, width: 1280, height: 840 });
    await writeFile(join(window.userFolder, '.bashrc'), "PS1='$ '\nHISTCONTROL=ignoreboth\n");
    folder = window.userFolder;
    await openByDialog(window, await writeRecording(join(folder, 'now.txt')));
    await openTerminalPane(window.page);
  });
  afterAll(() => window.close());

  test('each command is listed with its time, how long it took and how it ended', async () => {
    const { page } = window;
    await run(page, 'true', /\$ true\n\$$/);
    await run(page, 'sh -c "sleep 0.3; exit 7"', /exit 7"\n\$$/);
    await run(page, ' echo kept to myself', /\nkept to myself\n\$$/);
    const [hidden, failed, fine] = await listed(page);
    expect(fine).toMatch(/^\d+\.\d{6} true \d+(\.\d+)? [mµ]s$/);
    // Begin and end are stamped when they are read: about as long as it slept, and longer on a busy machine.
    expect(failed).toMatch(/^\d+\.\d{6} sh -c "sleep 0\.3; exit 7" (\d{3}(\.\d+)? ms|\d+(\.\d+)? s), exit 7$/);
    expect(hidden).toMatch(/^\d+\.\d{6} a command \d+(\.\d+)? [mµ]s$/);
  });

  test('one is jumped to, and stands in the ruler with its text', async () => {
    const { page } = window;
    await page.getByTitle('Commands of the recording').click();
    await settled(page);
    expect(await faultsOf(page)).toEqual([]);
    const row = page.locator('.command-list li', { hasText: 'exit 7' });
    const time = await row.getByRole('button').innerText();
    await row.getByRole('button').click();
    await settled(page);
    expect(await told.cursor(page)).toBe(time);
    await press(page, 'Escape');
    await page.locator('.track-canvas').focus();
    for (let i = 0; i < 14; i++) await press(page, '+');
    const { x, y } = await pointOf(page, 0.5, 22);
    await page.mouse.move(x + 4, y);
    await settled(page);
    const tooltip = await page.getByRole('tooltip').innerText();
    expect(tooltip).toContain('sh -c "sleep 0.3; exit 7"');
    expect(tooltip).toMatch(/exit code\s+7/);
    await page.mouse.move(2, 2);
  });

  test('one that runs is there before it ends', async () => {
    const { page } = window;
    await page.locator('.xterm-helper-textarea').focus();
    await typeLine(page, "sh -c 'echo sleep''s; exec sleep 100'");
    await untilScreen(page, /^sleeps$/m);
    await expect.poll(async () => (await listed(page))[0]).toMatch(/exec sleep 100' running$/);
    await page.locator('.xterm-helper-textarea').focus();
    await page.keyboard.press('Control+c');
    await untilScreen(page, /\^C\n\$$/);
    await expect.poll(async () => (await listed(page))[0]).toMatch(/exec sleep 100' .* exit 130$/);
  });

  test('they are in the session that is saved, and come back without the terminal', async () => {
    const { page } = window;
    const before = await listed(page);
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Control+s')]);
    const session = join(folder, 'now.txt.modshark.json');
    await download.saveAs(session);
    expect(JSON.parse(await readFile(session, 'utf8')).commands).toHaveLength(before.length);
    const other = await launchWindow({ host });
    try {
      await openByDialog(other, join(folder, 'now.txt'));
      await drop(other.page, session);
      await openTerminalPane(other.page);
      expect(await listed(other.page)).toEqual(before);
    } finally {
      await other.close();
    }
  });

  test('a recording of another start of the machine has none of them', async () => {
    const { page } = window;
    const other = join(await temporaryFolder(), 'other.txt');
    await openByDialog(window, await writeRecording(other, '00000000-0000-4000-8000-000000000000'));
    await page.getByRole('tab', { name: 'Terminal' }).click();
    await settled(page);
    expect(await page.getByTitle('Commands of the recording').count()).toBe(0);
  });
});
