import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { launchWindow, waitForIdle, windowHosts, writeScript } from '../support/launch-window.ts';
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
  released,
  save,
  says,
  shows,
  spooled,
  stopped,
} from './drive-capture.ts';
import { untilScreen } from './drive-terminal.ts';
import { faultsOf, selectModule } from './drive-window.ts';

describe.each(windowHosts)('recording on %s', (host) => {
  test('press Record, reproduce the problem, watch the answer appear, stop, save', async () => {
    const problem = join(await temporaryFolder(), 'reproduced');
    const window = await launch(host, [
      { hello: {} },
      { trace: loaded },
      counts(3),
      { await: problem },
      { trace: held },
      counts(4),
      ...stopped,
    ]);
    await press(window, 'Record');
    await says(window, '3 events');
    await selectModule(window.page, 'vkms');
    expect(await window.page.textContent('body')).not.toContain(answer);
    await writeFile(problem, '');
    await shows(window, answer);
    await says(window, '4 events');
    await press(window, 'Stop');
    await says(window, 'Recorded, not saved yet');
    await waitForIdle(window.page);
    expect(await window.page.textContent('body')).toContain(answer);
    expect(kernelText(await readFile(await save(window), 'latin1'))).toBe(loaded + held);
    if (window.desktop !== undefined) expect(await spooled(window)).toEqual([]);
  });

  test('a page that is loaded again finds its recording, and what came meanwhile', async () => {
    const problem = join(await temporaryFolder(), 'reproduced');
    const window = await launch(host, [...recording, { await: problem }, { trace: released }, counts(5), ...stopped]);
    await press(window, 'Record');
    await shows(window, answer);
    await window.page.reload();
    await waitForIdle(window.page);
    await says(window, '4 events');
    await shows(window, answer);
    await writeFile(problem, '');
    await says(window, '5 events');
    await press(window, 'Stop');
    await says(window, 'Recorded, not saved yet');
    await window.page.reload();
    await waitForIdle(window.page);
    await says(window, 'Recorded, not saved yet');
    expect(kernelText(await readFile(await save(window), 'latin1'))).toBe(loaded + held + released);
  });

  test('the keyboard records, stops and discards, after a question', async () => {
    const window = await launch(host, [...recording, ...stopped]);
    const { page } = window;
    await page.keyboard.press('Shift+R');
    await shows(window, answer);
    await page.keyboard.press('Shift+R');
    await says(window, 'Recorded, not saved yet');
    await bar(window).getByRole('button', { name: 'Discard…' }).focus();
    await page.keyboard.press('Enter');
    await says(window, /Delete this recording \(4 events, .*\) for good\?/);
    await page.keyboard.press('Enter');
    await says(window, 'Recorded, not saved yet');
    expect(await spooled(window)).toHaveLength(1);
    await bar(window).getByRole('button', { name: 'Discard…' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await bar(window).getByText('Recorded, not saved yet').waitFor({ state: 'detached' });
    await waitForIdle(page);
    expect(await spooled(window)).toEqual([]);
    expect(await page.textContent('body')).not.toContain(answer);
  });
});

describe('before a recording', () => {
  test('what stands in the way is listed with what to do, and nobody is asked for a password', async () => {
    const files = { '/proc/self/mounts': 'proc /proc proc rw 0 0\n' };
    const window = await launch('loopback', [], { script: { steps: [], files } });
    await says(window, '1 thing in the way of recording');
    await press(window, 'Record');
    const { page } = window;
    const dialog = page.getByRole('dialog');
    await dialog.getByText('sudo mount -t tracefs nodev /sys/kernel/tracing').waitFor();
    await dialog.getByText('sudo modshark record -o recording.txt').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await writeScript(window.userFolder, { steps: [] });
    await dialog.getByRole('button', { name: 'Look again' }).click();
    await dialog.getByRole('heading', { name: 'Ready, no password needed' }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('modules and options are chosen, remembered, and asked of the helper', async () => {
    const window = await launch('loopback', [...recording, ...stopped]);
    const { page } = window;
    const field = bar(window).getByRole('combobox', { name: 'Add a module to record' });
    await field.fill('vkms');
    await field.press('Enter');
    await field.fill('snd-hda-intel');
    await field.press('Enter');
    await bar(window).getByRole('combobox', { name: 'Which modules' }).selectOption('except');
    await bar(window).getByRole('button', { name: 'Options' }).click();
    await page.getByRole('checkbox', { name: 'Kernel stack with each get and put' }).check();
    const buffer = page.getByRole('combobox', { name: 'Buffer of each CPU' });
    expect(await buffer.locator('option:checked').innerText()).toBe('Automatic (16.0 MiB)');
    await buffer.selectOption({ label: '1.0 MiB' });
    await page.keyboard.press('Escape');
    await waitForIdle(page);
    await page.reload();
    await waitForIdle(page);
    await bar(window).getByRole('button', { name: 'Options · stacks · 1.0 MiB' }).click();
    await buffer.selectOption({ label: 'Automatic (16.0 MiB)' });
    await page.keyboard.press('Escape');
    await bar(window).getByRole('button', { name: 'Options · stacks', exact: true }).waitFor();
    await waitForIdle(page);
    await page.reload();
    await waitForIdle(page);
    await says(window, 'snd_hda_intel');
    await press(window, 'Record');
    await says(window, 'all but vkms, snd_hda_intel');
    await press(window, 'Stop');
    await says(window, 'Recorded, not saved yet');
    const text = await readFile(await save(window), 'latin1');
    expect(text).toContain('# gets and puts of: all modules but vkms snd_hda_intel\n');
    expect(text).toContain('# stack traces: yes\n');
  });
});

describe('recordings that nobody saved', () => {
  test('after a crash they are offered again, can be looked at, saved and discarded', async () => {
    const userFolder = await temporaryFolder();
    const folder = join(userFolder, 'state/modshark/spool');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, '20261121T080000Z-1-1.txt'), `# modshark recording 1\n${loaded}${held}`);
    await writeFile(join(folder, '20261120T080000Z-1-1.txt'), `# modshark recording 1\n${loaded}`);
    const window = await launch('loopback', [...recording, ...stopped], { userFolder });
    const { page } = window;
    const offered = page.getByRole('region', { name: 'Recordings that nobody has saved' });
    await offered.getByRole('button', { name: /^Discard the recording of 20 Nov 2026/ }).click();
    expect(await faultsOf(page)).toEqual([]);
    await offered.getByRole('button', { name: 'Delete' }).click();
    await says(window, 'Not saved: 1');
    await press(window, 'Not saved: 1');
    await bar(window)
      .getByRole('button', { name: /^Show the recording of 21 Nov 2026/ })
      .click();
    await shows(window, answer);
    await says(window, 'This recording was never ended.');
    expect(kernelText(await readFile(await save(window), 'latin1'))).toBe(loaded + held);
  });

  test('the next recording puts one aside, and nothing is lost', async () => {
    const window = await launch('loopback', [...recording, ...stopped]);
    await press(window, 'Record');
    await says(window, '4 events');
    await press(window, 'Stop');
    await says(window, 'Recorded, not saved yet');
    await press(window, 'Record');
    await says(window, '4 events');
    await press(window, 'Stop');
    await says(window, 'Recorded, not saved yet');
    expect(await spooled(window)).toHaveLength(2);
    await bar(window).getByRole('button', { name: 'Discard…' }).click();
    await bar(window).getByRole('button', { name: 'Delete' }).click();
    await says(window, 'Not saved: 1');
  });

  test('a window that is closed while it records keeps what it has', async () => {
    const userFolder = await temporaryFolder();
    const first = await launchWindow({ host: 'standin', userFolder, script: { steps: [...recording, ...stopped] } });
    await press(first, 'Record');
    await says(first, '4 events');
    await first.close();
    const [name] = await spooled(first);
    expect(await readFile(join(userFolder, 'state/modshark/spool', name!), 'latin1')).toContain('# ended: stopped\n');
    const second = await launch('standin', [], { userFolder });
    await says(second, 'Not saved: 1');
  });
});

describe('who is recorded', () => {
  test('the card says which program it was, and who had started it, after it is gone', async () => {
    const child = spawn('sleep', ['600']);
    onTestFinished(() => void child.kill());
    const pid = String(child.pid).padEnd(7);
    const get = `           sleep-${pid} [000] .....   102.168297: module_get: vkms call_site=drm_stub_open refcnt=2\n`;
    const window = await launch('loopback', [{ hello: {} }, { trace: loaded + get }, counts(4), ...stopped]);
    await press(window, 'Record');
    await says(window, '4 events');
    child.kill();
    await press(window, 'Stop');
    await says(window, 'Recorded, not saved yet');
    const card = window.page.locator('.holder-card', { hasText: `sleep-${child.pid}` }).first();
    await card
      .getByText(/\/sleep$|\/coreutils$/)
      .first()
      .waitFor();
    await card
      .getByText(`node-${process.pid}`)
      .or(card.getByText(new RegExp(`-${process.pid}\\b`)))
      .first()
      .waitFor();
    expect(await readFile(await save(window), 'latin1')).toContain(`# process: {"pid":${child.pid},`);
  });
});

/** What stands in for pkttyagent: it asks, and makes a file when it was told something. */
const agentScript = (told: string) => `#!/bin/sh
exec 3>&-
printf '==== AUTHENTICATING FOR org.modshark.capture ====\\nPassword: '
read -r _
: > ${told}
exec sleep 600
`;

describe('where no desktop asks for the password', () => {
  test('the terminal of the window does, and gives way once it is given', async () => {
    const folder = await temporaryFolder();
    const [told, agent] = [join(folder, 'told'), join(folder, 'pkttyagent')];
    await writeFile(agent, agentScript(told), { mode: 0o755 });
    const steps = [{ await: told }, ...recording, ...stopped];
    const script = { steps, way: 'pkexec', asks: 'terminal', programs: { pkttyagent: agent } } as const;
    const window = await launch('loopback', steps, { script });
    const { page } = window;
    await says(window, 'Ready, the terminal asks for the password');
    await press(window, 'Record');
    await says(window, 'The terminal below asks for the password.');
    await untilScreen(page, /Password: *$/);
    await page.keyboard.type('Right-12345\n');
    await says(window, '4 events');
    // The workspace had shown this system meanwhile, with a module of its own selected.
    await selectModule(page, 'vkms');
    await shows(window, answer);
    expect(await page.getByRole('tab', { name: 'Events' }).getAttribute('aria-selected')).toBe('true');
    expect(await page.textContent('body')).not.toContain('Right-12345');
    await press(window, 'Stop');
    await says(window, 'Recorded, not saved yet');
  });

  test('without such an agent either, the command by hand is given', async () => {
    const script = { steps: [], way: 'pkexec', asks: 'terminal', programs: { pkttyagent: '/nowhere' } } as const;
    const window = await launch('loopback', [], { script });
    await writeScript(window.userFolder, { ...script, steps: [{ stderr: noAgent }, { exit: 127 }] });
    await press(window, 'Record');
    await says(window, /this session has no polkit agent\..*sudo modshark record/);
  });
});

const noAgent = 'Error executing command as another user: No authentication agent found.\n';
