import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { waitForIdle, writeScript } from '../support/launch-window.ts';
import type { Step } from '../support/script-capture.ts';
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
  recording,
  save,
  says,
  shows,
  spooled,
  stopped,
} from './drive-capture.ts';
import { faultsOf, selectModule } from './drive-window.ts';

/** What becomes of a recording that goes wrong: what is said, and whether something is kept. */
const ends: readonly {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly way?: 'pkexec';
  readonly said: RegExp;
  readonly kept: boolean;
}[] = [
  {
    name: 'a dismissed question',
    way: 'pkexec',
    steps: [{ stderr: 'Error executing command as another user: Request dismissed\n' }, { exit: 126 }],
    said: /The question for a password was dismissed\./,
    kept: false,
  },
  {
    name: 'a wrong password',
    way: 'pkexec',
    steps: [{ stderr: 'Error executing command as another user: Not authorized\n' }, { exit: 127 }],
    said: /The password was wrong, or a rule of this machine does not let you record\./,
    kept: false,
  },
  {
    name: 'nobody to ask',
    way: 'pkexec',
    steps: [{ stderr: 'Error executing command as another user: No authentication agent found.\n' }, { exit: 127 }],
    said: /this session has no polkit agent/,
    kept: false,
  },
  {
    name: 'a refusing kernel',
    steps: [{ refuse: ['no-module-events', 'no events/module/module_get'] }, { bye: ['refused', 'none'] }],
    said: /This kernel has no module events\./,
    kept: false,
  },
  {
    name: 'a helper of another version',
    steps: [{ refuse: ['bad-version', 'version 1 is not spoken here'] }, { bye: ['refused', 'none'] }],
    said: /ModShark and its capture helper are of different versions\..*Install the two from the same package\./,
    kept: false,
  },
  {
    name: 'a killed helper',
    steps: [...recording, { kill: 'SIGKILL' }],
    said: /it was killed, or crashed\. What had been recorded is kept\./,
    kept: true,
  },
  {
    name: 'a helper that cannot be understood',
    steps: [...recording, { raw: Buffer.from('Z\0\0\x01x').toString('base64') }, ...stopped],
    said: /The capture helper could not be understood\..*What had been recorded is kept\./,
    kept: true,
  },
];

describe('a recording that ends otherwise', () => {
  test.each(ends)('$name is told, and what was recorded is kept', async ({ steps, way, said, kept }) => {
    const window = await launch('loopback', steps, { script: { steps, ...(way === undefined ? {} : { way }) } });
    await press(window, 'Record');
    await says(window, said);
    await waitForIdle(window.page);
    if (kept) {
      await shows(window, answer);
      expect(kernelText(await readFile(await save(window), 'latin1'))).toBe(loaded + held);
    } else {
      await bar(window).getByText('Ready, no password needed').waitFor();
      expect(await spooled(window)).toEqual([]);
    }
    await bar(window).getByRole('button', { name: 'Dismiss' }).first().click();
  });

  test('a disk that takes nothing is told before anybody is asked for anything', async () => {
    const window = await launch('loopback', [...recording, ...stopped]);
    await mkdir(join(window.userFolder, 'state/modshark'), { recursive: true });
    await writeFile(join(window.userFolder, 'state/modshark/spool'), 'in the way');
    await press(window, 'Record');
    await says(window, /Nothing was recorded\..*spool could not be written/);
  });

  test('a disk that fills up in the middle is told, and what was recorded is there, to be saved elsewhere', async () => {
    const longestFile = 64 * 1024;
    const full = join(await temporaryFolder(), 'full');
    const steps = [...recording, { await: full }, { storm: 5_000, perSecond: 1_000_000 }, ...stopped];
    const window = await launch('loopback', steps, { longestFile });
    const { page } = window;
    await press(window, 'Record');
    await says(window, '4 events');
    await writeFile(full, '');
    await says(
      window,
      /The recording ended early\..*The file has become too large\..*What had been recorded is kept\./,
    );
    await says(window, 'Ended early: the disk');
    await says(window, /[\d,]+ events, not all kept/);
    // What the disk took of the last piece counts, too.
    await says(window, '64 KiB');
    await waitForIdle(page);
    expect(await page.locator('.top-bar').innerText()).toMatch(/\b6\d\d events/);
    await selectModule(page, 'vkms');
    await shows(window, answer);
    expect(await faultsOf(page)).toEqual([]);
    const [name] = await spooled(window);
    const spool = await readFile(join(window.userFolder, 'state/modshark/spool', name!), 'latin1');
    // Of whole lines: one that was cut off would say something that never happened.
    expect(spool.length).toBeLessThanOrEqual(longestFile);
    expect(spool.length).toBeGreaterThan(longestFile - 200);
    expect(spool.endsWith('\n')).toBe(true);
    const saved = await readFile(await save(window), 'latin1');
    expect(saved).toBe(spool);
    expect(kernelText(saved)).toContain(loaded + held);
    // There is room again: the next one is recorded as ever.
    await writeScript(window.userFolder, { steps: [...recording, ...stopped] });
    await press(window, 'Record');
    await says(window, '4 events');
    await press(window, 'Stop');
    await says(window, 'Recorded, not saved yet');
    expect(kernelText(await readFile(await save(window), 'latin1'))).toBe(loaded + held);
  });

  test('a place where nothing can be saved is told, and another one takes it, also in the place of a file', async () => {
    const window = await launch('standin', [...recording, ...stopped]);
    const folder = await temporaryFolder();
    await press(window, 'Record');
    await says(window, '4 events');
    await press(window, 'Stop');
    await says(window, 'Recorded, not saved yet');
    const places: readonly [path: string, said: RegExp][] = [
      [folder, /The recording was not saved\..*It is a folder\..*Choose another place\. It is still in /],
      [join(folder, 'nowhere/a.txt'), /There is no such folder\./],
      [join(folder, `${'x'.repeat(300)}.txt`), /The name is too long\./],
    ];
    for (const [path, said] of places) {
      await window.desktop!.answerDialog(path);
      await press(window, 'Save…');
      await says(window, said);
      expect(await spooled(window)).toHaveLength(1);
    }
    expect(await faultsOf(window.page)).toEqual([]);
    const there = join(folder, 'there.txt');
    await writeFile(there, 'an older one');
    await window.desktop!.answerDialog(there);
    await press(window, 'Save…');
    await says(window, 'Saved as there.txt.');
    expect(kernelText(await readFile(there, 'latin1'))).toBe(loaded + held);
    expect(await spooled(window)).toEqual([]);
  });

  test('while somebody is asked for a password, it can be called off', async () => {
    const window = await launch('loopback', [{ until: 'stop' }, { exit: 1 }]);
    await press(window, 'Record');
    await says(window, 'Waiting for permission…');
    await press(window, 'Cancel');
    await bar(window).getByText('Ready, no password needed').waitFor();
    expect(await spooled(window)).toEqual([]);
  });

  test('what the kernel does to the recording is told while it goes on', async () => {
    const window = await launch('loopback', [
      ...recording,
      counts(400, 20),
      { counts: [[0, 0, 0, 0, 0, 3]] },
      { counts: [[0, 0, 0, 0, 0, 3]], on: 0 },
      ...stopped,
    ]);
    await press(window, 'Record');
    await says(window, 'The kernel erased the buffer.');
    await says(window, /Somebody wrote 0 to tracing_on/);
    await says(window, '20 lost');
    await says(window, 'erased 1 time');
    expect(await faultsOf(window.page)).toEqual([]);
    await press(window, 'Stop');
    await says(window, 'Recorded, not saved yet');
    expect(await faultsOf(window.page)).toEqual([]);
  });
});
