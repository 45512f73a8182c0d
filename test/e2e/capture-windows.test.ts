import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { waitForIdle, writeScript } from '../support/launch-window.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import {
  answer,
  bar,
  counts,
  held,
  kernelText,
  launch,
  loaded,
  press,
  pressBoth,
  recording,
  released,
  save,
  says,
  shows,
  spooled,
  stopped,
} from './drive-capture.ts';
import { selectModule } from './drive-window.ts';

describe('two windows of one host', () => {
  test('both know of the recording, each shows what it likes, and either can end it', async () => {
    const first = await launch('loopback', [...recording, ...stopped], { shared: true });
    const second = await first.openAnother();
    await press(first, 'Record');
    await shows(first, answer);
    await says(second, '4 events');
    // Nobody pressed anything here: what the window shows is not taken away.
    await waitForIdle(second.page);
    expect(await second.page.textContent('body')).not.toContain(answer);
    await press(second, 'Show it');
    await shows(second, answer);
    await second.page.keyboard.press('Shift+R');
    await says(first, 'Recorded, not saved yet');
    await says(second, 'Recorded, not saved yet');
    expect(kernelText(await readFile(await save(first), 'latin1'))).toBe(loaded + held);
    await says(second, 'Saved');

    await press(first, 'Discard…');
    await press(first, 'Delete');
    await says(second, 'The recording was put away in another window.');
    await bar(second).getByText('Ready, no password needed').waitFor();
    await bar(first).getByText('Ready, no password needed').waitFor();
    await waitForIdle(second.page);
    expect(await second.page.textContent('body')).toContain(answer);
    expect(await spooled(first)).toEqual([]);
  });

  test('where both press Record at once there is one recording, and both have it', async () => {
    const first = await launch('loopback', [...recording, ...stopped], { shared: true });
    const second = await first.openAnother();
    await pressBoth([first, second], 'Record');
    await says(first, '4 events');
    await says(second, '4 events');
    expect(await spooled(first)).toHaveLength(1);
    await press(second, 'Stop');
    await says(first, 'Recorded, not saved yet');
    // The next one puts this one aside, in both.
    await press(first, 'Record');
    await says(second, '4 events');
    await press(second, 'Stop');
    await says(first, 'Recorded, not saved yet');
    expect(await spooled(first)).toHaveLength(2);
  });
});

describe('a window that is not looked at', () => {
  test('may be closed while it records: who opens one again finds it all', async () => {
    const problem = join(await temporaryFolder(), 'reproduced');
    const first = await launch('loopback', [
      ...recording,
      { await: problem },
      { trace: released },
      counts(5),
      ...stopped,
    ]);
    await press(first, 'Record');
    await says(first, '4 events');
    const blank = await first.page.context().newPage();
    await first.page.close();
    await writeFile(problem, '');
    const spool = async () => {
      const [name] = await spooled(first);
      return readFile(join(first.userFolder, 'state/modshark/spool', name!), 'latin1');
    };
    await expect.poll(spool).toContain(released);
    const second = await first.openAnother();
    await blank.close();
    await says(second, '5 events');
    await selectModule(second.page, 'vkms');
    await shows(second, 'Nothing holds it');
    await press(second, 'Stop');
    await says(second, 'Recorded, not saved yet');
    expect(kernelText(await readFile(await save(second), 'latin1'))).toBe(loaded + held + released);
  });

  test('misses nothing while the browser has put it to sleep, nor by another theme', async () => {
    const problem = join(await temporaryFolder(), 'reproduced');
    const window = await launch('loopback', [
      ...recording,
      { await: problem },
      { trace: released },
      counts(5),
      ...stopped,
    ]);
    const { page } = window;
    await press(window, 'Record');
    await shows(window, answer);
    await page.emulateMedia({ colorScheme: 'dark' });
    await waitForIdle(page);
    await page.locator('.top-bar').getByTitle('Light').click();
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    await writeFile(problem, '');
    const spool = async () => {
      const [name] = await spooled(window);
      return readFile(join(window.userFolder, 'state/modshark/spool', name!), 'latin1');
    };
    await expect.poll(spool).toContain(released);
    await devtools.send('Page.setWebLifecycleState', { state: 'active' });
    await says(window, '5 events');
    await selectModule(page, 'vkms');
    await shows(window, 'Nothing holds it');
    await press(window, 'Stop');
    await says(window, 'Recorded, not saved yet');
  });
});

describe('a button that is pressed twice', () => {
  test('means it once: Record, Stop, Save and Delete', async () => {
    const window = await launch('loopback', [...recording, ...stopped]);
    const { page } = window;
    const downloads: string[] = [];
    page.on('download', (download) => downloads.push(download.suggestedFilename()));
    const pressTwice = (name: string) =>
      bar(window)
        .getByRole('button', { name, exact: true })
        .evaluate((button: HTMLElement) => {
          button.click();
          button.click();
        });
    await pressTwice('Record');
    await says(window, '4 events');
    await shows(window, answer);
    await pressTwice('Stop');
    await says(window, 'Recorded, not saved yet');
    expect(await spooled(window)).toHaveLength(1);
    await pressTwice('Save…');
    await says(window, 'Given to the browser');
    await press(window, 'Discard…');
    await pressTwice('Delete');
    await bar(window).getByText('Ready, no password needed').waitFor();
    await waitForIdle(page);
    expect(await spooled(window)).toEqual([]);
    expect(downloads).toHaveLength(1);
    expect(await bar(window).locator('.capture-message-bad').allInnerTexts()).toEqual([]);
  });

  test('Record, while a file is still being read, shows the recording and not the file', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'large.txt');
    const line = (i: number) =>
      `${'cat'.padStart(16)}-${String(1 + (i % 900)).padEnd(7)} [000] .....   ${100 + i}.000000: module_get: tun call_site=f refcnt=2\n`;
    await writeFile(file, Array.from({ length: 300_000 }, (_, i) => line(i)).join(''));
    const window = await launch('loopback', [...recording, ...stopped]);
    const { page } = window;
    const open = page.locator('.top-bar').getByRole('button', { name: 'Open…' });
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), open.click()]);
    await chooser.setFiles(file);
    await press(window, 'Record');
    await says(window, '4 events');
    await waitForIdle(page);
    expect(await page.textContent('body')).toContain(answer);
    expect(await page.locator('.top-bar').innerText()).not.toContain('large.txt');
    await press(window, 'Stop');
    await says(window, 'Recorded, not saved yet');
  });
});

describe('a choice that is as large as can be', () => {
  test('of 256 modules with long names stays in its place, can be taken back, and is refused in words', async () => {
    const userFolder = await temporaryFolder();
    const window = await launch('loopback', [...recording, ...stopped], { userFolder, width: 1280, height: 720 });
    const field = bar(window).getByRole('combobox', { name: 'Add a module to record' });
    const nameOf = (i: number) => `m${String(i).padStart(3, '0')}${'_long_name'.repeat(5)}x`.slice(0, 55);
    await field.fill(Array.from({ length: 300 }, (_, i) => nameOf(i)).join(' '));
    await field.press('Enter');
    await writeScript(userFolder, { steps: [...recording, ...stopped] });
    await bar(window).locator('.chip').nth(255).waitFor();
    expect(await bar(window).locator('.chip').count()).toBe(256);
    expect((await bar(window).boundingBox())!.height).toBeLessThan(140);
    await press(window, 'Record');
    await says(window, /The kernel takes no filter that is long enough for all these names\..*Name fewer modules/);
    expect(await spooled(window)).toEqual([]);
    await bar(window).getByRole('combobox', { name: 'Which modules' }).selectOption({ label: 'All modules' });
    await bar(window).locator('.chip').first().waitFor({ state: 'detached' });
    await press(window, 'Record');
    await says(window, '4 events');
    await press(window, 'Stop');
    await says(window, 'Recorded, not saved yet');
  });
});
