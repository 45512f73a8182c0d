import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { launchWindow, windowHosts } from '../support/launch-window.ts';
import { vkmsRecording } from '../support/project-paths.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { press, settled, told } from './drive-window.ts';

/** Finds a command by some letters and runs it. */
async function command(page: Page, letters: string): Promise<void> {
  await press(page, 'Control+k');
  await page.keyboard.type(letters);
  await press(page, 'Enter');
  await page.getByRole('dialog', { name: 'Find a command' }).waitFor({ state: 'detached' });
  await settled(page);
}

test.each(windowHosts)('who holds vkms, from the file to the report, without a mouse on %s', async (host) => {
  const folder = await temporaryFolder();
  const window = await launchWindow({ host, width: 1440, height: 900, files: [vkmsRecording] });
  const { page } = window;
  await page.locator('.panel-timeline').waitFor();
  await settled(page);

  // The answer is there as soon as the recording is.
  expect((await told.selectedModule(page)).list).toBe('vkms');
  expect(await told.holders(page)).toContain('systemd-logind-545');

  // Its last event is when logind opened it; the one before is the end of the loading.
  await press(page, 'p');
  await press(page, 'Shift+B');
  expect(await told.cursor(page)).toBe('102.168297');
  await press(page, 'p');
  await press(page, 'Shift+A');
  await press(page, 'x');
  expect(await page.locator('.marker-facts').innerText()).toMatch(/A–B\s*5\.277 ms/);

  // The hold, in full; and what nobody needs is out of the way.
  await press(page, 'End');
  await press(page, 'Shift+P');
  await press(page, 'z');
  await press(page, 'Shift+G');
  await command(page, 'pin or unpin');
  expect(await page.locator('.track-name-text').first().innerText()).toBe('vkms');

  // Written down, kept, and told to others.
  await press(page, 'm');
  await page.keyboard.type('logind takes every new card: stop it, or unplug the card first');
  await press(page, 'Enter');
  const [session] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Control+s')]);
  const kept = join(folder, 'kept.modshark.json');
  await session.saveAs(kept);
  expect(JSON.parse(await readFile(kept, 'utf8'))).toMatchObject({
    markers: { a: expect.any(Number), b: expect.any(Number) },
    notes: [{ text: expect.stringContaining('logind takes') }],
    view: { pinned: ['vkms'], grouped: true },
  });
  await press(page, 'Control+e');
  for (let i = 0; i < 5; i++) await press(page, 'ArrowDown');
  const [report] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(report.suggestedFilename()).toMatch(/-report\.md$/);
  const text = await readFile(await report.path(), 'utf8');
  expect(text).toContain('# Who holds `vkms`?');
  expect(text).toContain('logind takes every new card');
  await settled(page);
  await press(page, 'Escape');
  await window.close();
});
