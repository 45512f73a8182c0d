import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LaunchedWindow, launchWindow, windowHosts } from '../support/launch-window.ts';
import { vkmsRecording } from '../support/project-paths.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import {
  drop,
  faultsOf,
  fixture,
  openByDialog,
  press,
  selectModule,
  settled,
  told,
  visibleWindow,
} from './drive-window.ts';

describe.each(windowHosts)('a session on %s', (host) => {
  let folder: string;
  let recording: string;
  let window: LaunchedWindow;

  beforeEach(async () => {
    folder = await temporaryFolder();
    recording = join(folder, 'vkms.report.txt');
    await copyFile(vkmsRecording, recording);
  });
  afterEach(() => window.close());

  async function launch(...files: readonly string[]): Promise<void> {
    window = await launchWindow({ host, width: 1440, height: 900, files });
  }

  /** What of the window a session is to bring back. */
  async function view() {
    const { page } = window;
    await press(page, 'Shift+M');
    const notes = await page.locator('.note-text').allInnerTexts();
    await press(page, 'Escape');
    return {
      notes,
      window: await visibleWindow(page),
      cursor: await told.cursor(page),
      module: (await told.selectedModule(page)).list,
      tracks: await page.locator('.track-name-text').allInnerTexts(),
      markers: await page.locator('.marker-facts').innerText(),
    };
  }

  /** A short investigation. */
  async function investigate() {
    const { page } = window;
    await selectModule(page, 'vkms');
    await press(page, 'p');
    await press(page, 'Shift+A');
    await press(page, 'p');
    await press(page, 'Shift+B');
    await press(page, 'x');
    await press(page, 'i');
    await selectModule(page, 'sysimgblt');
    await press(page, 'h');
    await selectModule(page, 'drm');
    await press(page, 'm');
    await page.keyboard.type('here it begins');
    await press(page, 'Enter');
    return view();
  }

  async function save(name: string): Promise<string> {
    const { page } = window;
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Control+s')]);
    expect(download.suggestedFilename()).toBe('vkms.modshark.json');
    const path = join(folder, name);
    await download.saveAs(path);
    await settled(page);
    return path;
  }

  test('is saved, and opened again by the command line shows the same view of the same recording', async () => {
    await launch(recording);
    const before = await investigate();
    const saved = await save('one.modshark.json');
    expect(JSON.parse(await readFile(saved, 'utf8'))).toMatchObject({
      format: 'modshark-session',
      version: 1,
      recording: { name: 'vkms.report.txt', path: recording, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    await window.close();
    await launch(saved);
    await window.page.locator('.panel-timeline').waitFor();
    await settled(window.page);
    expect(await view()).toEqual(before);
    expect(await window.page.locator('.problem').count()).toBe(0);
  });

  test('finds the recording beside it when both were moved, and says when it is another one', async () => {
    await launch(recording);
    await investigate();
    const saved = await save('one.modshark.json');
    await window.close();
    const moved = join(folder, 'elsewhere');
    await mkdir(moved);
    await rename(recording, join(moved, 'vkms.report.txt'));
    await rename(saved, join(moved, 'one.modshark.json'));
    await launch(join(moved, 'one.modshark.json'));
    await window.page.locator('.panel-timeline').waitFor();
    expect(await window.page.locator('.problem').count()).toBe(0);
    await window.close();

    await writeFile(join(moved, 'vkms.report.txt'), `${await readFile(join(moved, 'vkms.report.txt'), 'utf8')}\n`);
    await launch(join(moved, 'one.modshark.json'));
    await window.page.getByText('This is not the recording that the session was saved of.').waitFor();
    await settled(window.page);
    expect(await window.page.locator('.marker-facts').innerText()).toContain('A–B');
  });

  test('asks for the recording where it is gone, and goes on with the one that is chosen', async () => {
    await launch(recording);
    const before = await investigate();
    const saved = await save('one.modshark.json');
    await window.close();
    const hidden = join(folder, 'hidden');
    await mkdir(hidden);
    await rename(recording, join(hidden, 'other-name.txt'));
    await launch(saved);
    const { page, desktop } = window;
    await page.getByRole('dialog', { name: 'Where is the recording?' }).waitFor();
    expect(await page.locator('.session-path').first().innerText()).toBe(recording);
    expect(await faultsOf(page)).toEqual([]);
    const choose = page.getByRole('button', { name: 'Choose the recording…' });
    if (desktop === undefined) {
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), choose.click()]);
      await chooser.setFiles(join(hidden, 'other-name.txt'));
    } else {
      await desktop.answerDialog(join(hidden, 'other-name.txt'));
      await choose.click();
    }
    await page.locator('.panel-timeline').waitFor();
    await settled(page);
    expect(await view()).toEqual(before);
    expect(await page.locator('.problem').count()).toBe(0);
  });

  test('is dropped on the window that shows its recording, or opened with Open…', async () => {
    await launch(recording);
    const before = await investigate();
    const saved = await save('one.modshark.json');
    await press(window.page, 'Shift+X');
    await press(window.page, '0');
    await drop(window.page, saved);
    expect(await view()).toEqual(before);
    await press(window.page, 'Shift+X');
    await openByDialog(window, saved);
    await settled(window.page);
    expect(await view()).toEqual(before);
  });

  test('that is none says so, and leaves what is open', async () => {
    await launch(recording);
    const broken = join(folder, 'broken.modshark.json');
    await writeFile(broken, '{"format": "something else"}');
    await drop(window.page, broken);
    expect(await window.page.locator('.problem').innerText()).toContain('This is no session of ModShark.');
    expect(await window.page.locator('.recording-name').innerText()).toBe('vkms.report.txt');
  });

  test('goes on with the trace buffer that was looked at, and so does a reload', async () => {
    const several = join(folder, 'vkms.report.txt');
    await copyFile(fixture('formats/report/buffer.report.txt'), several);
    await launch(several);
    const chosen = () => window.page.locator('.buffer-choice select').inputValue();
    const first = await chosen();
    const other = first === '' ? 'kslite' : '';
    await window.page.locator('.buffer-choice select').selectOption(other);
    await settled(window.page);
    // A list of choices takes letters for itself.
    await window.page.locator('.track-canvas').focus();
    await press(window.page, 'Shift+A');
    await press(window.page, 'm');
    await window.page.keyboard.type('in this buffer');
    await press(window.page, 'Enter');
    await window.page.reload();
    await window.page.locator('.panel-timeline').waitFor();
    await settled(window.page);
    expect(await chosen()).toBe(other);
    const before = await view();
    expect(before.notes).toEqual(['in this buffer']);
    const saved = await save('one.modshark.json');
    await window.close();
    await launch(saved);
    await window.page.locator('.panel-timeline').waitFor();
    await settled(window.page);
    expect(await chosen()).toBe(other);
    expect(await view()).toEqual(before);
  });

  test('the view survives a reload of the page', async () => {
    await launch(recording);
    const before = await investigate();
    await settled(window.page);
    await window.page.reload();
    await window.page.locator('.panel-timeline').waitFor();
    await settled(window.page);
    expect(await view()).toEqual(before);
  });
});
