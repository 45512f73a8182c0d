import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/launch-browser.ts';
import {
  type LaunchedWindow,
  launchWindow,
  userEnvironment,
  waitForIdle,
  windowHosts,
} from '../support/launch-window.ts';
import { appRoot } from '../support/project-paths.ts';
import { startServe } from '../support/start-serve.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTerminalPane, run, screenOf, typeLine, untilScreen } from './drive-terminal.ts';
import { faultsOf, openSample, press, selectModule, settled } from './drive-window.ts';

/** The size that the program in the terminal is told, and the one that is on the screen. Each answer has a name of its own. */
async function sizes(page: Page, name: string): Promise<{ told: string; rows: number }> {
  const answer = new RegExp(`^${name} is (\\d+ \\d+)\\.`, 'm');
  await run(page, `echo ${name} is $(stty size).`, answer);
  const told = answer.exec(await screenOf(page))?.[1] ?? '';
  return { told, rows: await page.locator('.terminal-screen .xterm-rows > div').count() };
}

/** What the page has in memory, in MiB, after what nobody needs is gone. */
async function heapOf(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  await devtools.detach();
  return usedSize / 1024 / 1024;
}

describe.each(windowHosts)('the terminal on %s', (host) => {
  let window: LaunchedWindow;
  beforeAll(async () => {
    window = await launchWindow({ host, width: 1280, height: 840 });
    await writeFile(join(window.userFolder, '.bashrc'), "PS1='$ '\nHISTCONTROL=ignoreboth\n");
    await openSample(window.page, 'vkms-held-by-logind');
    await openTerminalPane(window.page);
  });
  afterAll(() => window.close());

  test('is the user’s own shell, with nothing of ModShark in its environment', async () => {
    const { page } = window;
    await run(page, 'echo "I am $(id -u) in $PWD on $TERM"; env | grep -ciE "modshark_|electron|token"', /\n0\n\$/);
    expect(await screenOf(page)).toContain(`I am ${process.getuid?.()} in ${window.userFolder} on xterm-256color`);
  });

  test('tells the program its size, and again when the window is another', async () => {
    const { page } = window;
    await typeLine(page, 'clear');
    const before = await sizes(page, 'before');
    expect(before.told.split(' ')[0]).toBe(String(before.rows));
    await page.setViewportSize({ width: 1000, height: 620 });
    await settled(page);
    await typeLine(page, 'clear');
    const after = await sizes(page, 'after');
    expect(after.told).not.toBe(before.told);
    expect(after.told.split(' ')[0]).toBe(String(after.rows));
    await page.setViewportSize({ width: 1280, height: 840 });
    await settled(page);
  });

  test('has every key while it has the keyboard, but for the one that leaves it', async () => {
    const { page } = window;
    await typeLine(page, 'clear');
    await run(page, "echo '? 1 / n m and so on'", /\n\? 1 \/ n m and so on\n/);
    expect(await page.locator('dialog[open]').count()).toBe(0);
    // Interrupted before the program runs, the shell itself would take the key.
    await typeLine(page, "sh -c 'echo sleep''s; exec sleep 100'");
    await untilScreen(page, /^sleeps$/m);
    await page.keyboard.press('Control+c');
    await run(page, 'echo code $?', /code 130/);
    await press(page, 'Control+F6');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('tab-terminal');
    await press(page, 'Control+F6');
    await run(page, 'echo back again', /\nback again\n/);
  });

  test('gives its text to the clipboard and takes text from it, which runs nothing by itself', async () => {
    const { page } = window;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await typeLine(page, 'clear');
    await run(page, 'echo copied_word', /\ncopied_word\n/);
    const word = await page.locator('.terminal-screen span', { hasText: /^copied_word$/ }).boundingBox();
    await page.mouse.dblclick(word!.x + 20, word!.y + word!.height / 2);
    await page.keyboard.press('Control+Shift+c');
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('copied_word');
    await page.evaluate(() => navigator.clipboard.writeText('echo first line\necho second line'));
    await page.keyboard.press('Control+Shift+v');
    await untilScreen(page, /\$ echo first line\n.*echo second line$/);
    expect(await screenOf(page)).not.toMatch(/^first line$/m);
    await page.keyboard.press('Control+c');
  });

  test('pastes a text that would end its own paste as text, and runs nothing of it', async () => {
    const { page } = window;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await typeLine(page, 'clear');
    await untilScreen(page, /^\$$/);
    await page.evaluate(() => navigator.clipboard.writeText('echo a\u001b[201~\necho ra\u0000n it\u0003\n'));
    await page.keyboard.press('Control+Shift+v');
    await untilScreen(page, /echo a.*\n.*echo ran it/);
    await page.keyboard.press('Control+c');
    await run(page, 'echo and that is all', /\nand that is all\n/);
    expect(await screenOf(page)).not.toMatch(/^ran it/m);
  });

  test('is given nothing but what is typed, whatever is printed: no clipboard, no link, no title', async () => {
    const { page } = window;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate(() => navigator.clipboard.writeText('mine'));
    const before = await page.title();
    await typeLine(page, 'clear');
    const forged = String.raw`\033]52;c;Zm9yZ2Vk\007\033]0;forged\007\033]8;;https://example.com/\007link\033]8;;\007<img src=x>\033[21t\033]133;C;modshark=guess;rm\007`;
    await run(page, `printf '${forged} told\\n'`, /\nlink<img src=x> told\n\$$/);
    const link = await page.locator('.terminal-screen .xterm-rows').getByText('link').last().boundingBox();
    await page.mouse.move(link!.x + 4, link!.y + link!.height / 2);
    await page.mouse.click(link!.x + 10, link!.y + link!.height / 2);
    await settled(page);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('mine');
    expect(await page.title()).toBe(before);
    expect(page.context().pages()).toHaveLength(1);
    expect(await page.locator('.terminal-screen img').count()).toBe(0);
  });

  test('prints a million lines, as fast as they are shown and no faster', async () => {
    const { page } = window;
    await typeLine(page, 'clear');
    await run(page, "seq 1 1000000; echo 'all there'", /\n999999\n1000000\nall there\n/);
  });

  test('puts commands about the selected module into the line, and a person runs them', async () => {
    const { page } = window;
    await typeLine(page, 'clear');
    await untilScreen(page, /^\$$/);
    await selectModule(page, 'vkms');
    await page.getByRole('button', { name: 'Insert' }).click();
    await settled(page);
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Unload it' }).click();
    await untilScreen(page, /^\$ sudo modprobe -r vkms$/);
    await page.keyboard.press('Control+u');
    await run(page, 'echo nothing ran', /\nnothing ran\n\$$/);
    expect(await screenOf(page)).not.toMatch(/modprobe: /);
  });

  test('has tabs, each with a shell and a screen of its own', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'Open one more terminal' }).click();
    await untilScreen(page, /^\$$/);
    await run(page, 'echo the second', /\nthe second\n/);
    await page.getByRole('button', { name: 'bash', exact: true }).click();
    await untilScreen(page, /nothing ran/);
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.getByRole('tab', { name: 'Terminal' }).click();
    await untilScreen(page, /nothing ran/);
    await page.getByRole('button', { name: 'bash 2', exact: true }).click();
    await untilScreen(page, /the second/);
    await page.getByRole('button', { name: 'Close bash 2' }).click();
    await untilScreen(page, /nothing ran/);
    expect(await page.getByRole('button', { name: 'bash 2', exact: true }).count()).toBe(0);
  });

  test('stays usable while a program prints without end, however the window is sized meanwhile', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'bash', exact: true }).click();
    await typeLine(page, 'clear');
    await typeLine(page, 'yes | head -c 4M; yes endless');
    await untilScreen(page, /^endless$/m);
    for (let turn = 0; turn < 24; turn++) {
      await page.setViewportSize({ width: 900 + ((turn * 97) % 400), height: 600 + ((turn * 53) % 240) });
    }
    await page.setViewportSize({ width: 1280, height: 840 });
    await page.keyboard.press('Control+c');
    await untilScreen(page, /\^C\n\$$/);
    await typeLine(page, 'clear');
    const { told, rows } = await sizes(page, 'in the end');
    expect(told.split(' ')[0]).toBe(String(rows));
    await settled(page);
    expect(await heapOf(page)).toBeLessThan(80);
  });

  test('is closed with what runs in it, and the keyboard goes to the one that is left', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'Open one more terminal' }).click();
    await settled(page);
    await untilScreen(page, /^\$$/);
    const file = join(window.userFolder, 'shell');
    await typeLine(page, `echo $$ > ${file}; yes endless`);
    await untilScreen(page, /^endless$/m);
    const pid = (await readFile(file, 'utf8')).trim();
    await page.getByRole('button', { name: 'Close bash 2' }).click();
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 20_000 }).toBe(false);
    await untilScreen(page, /\$$/);
    await run(page, 'clear; echo here again', /^here again\n/);
    // The same where a shell ends by itself.
    await page.getByRole('button', { name: 'Open one more terminal' }).click();
    await settled(page);
    await untilScreen(page, /^\$$/);
    await typeLine(page, 'exit');
    await untilScreen(page, /here again/);
    await run(page, 'echo and again', /\nand again\n/);
  });

  test('goes on over a reload, with what it showed', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'bash', exact: true }).click();
    await page.keyboard.press('Control+F6');
    await page.locator('.xterm-helper-textarea').focus();
    await typeLine(page, 'clear');
    await run(page, 'kept=$RANDOM; echo kept is $kept', /\nkept is \d+\n/);
    const before = /kept is (\d+)/.exec((await screenOf(page)).split('\n').slice(1).join('\n'))?.[1];
    const file = join(window.userFolder, 'counted');
    const said = () => readFile(file, 'utf8').catch(() => '');
    const print = `echo begun > ${file}; seq 1 900000; seq 1 900000 | tail -1 > ${file}`;
    await typeLine(page, `${print}; clear; echo kept is $kept`);
    // What is typed into a page that is loaded again before it has sent it is lost.
    await expect.poll(said, { timeout: 20_000 }).not.toBe('');
    await page.reload();
    await settled(page);
    // It goes on however much it prints, though nobody looks at its tab.
    await expect.poll(said, { timeout: 20_000 }).toBe('900000\n');
    await openTerminalPane(page);
    await untilScreen(page, new RegExp(`^kept is ${before}$`, 'm'));
    await run(page, 'echo still $kept', new RegExp(`\nstill ${before}\n`));
  });

  test('finds text in what it showed', async () => {
    const { page } = window;
    await page.keyboard.press('Control+Shift+f');
    await page.keyboard.type('kept is');
    await settled(page);
    expect(await page.locator('.terminal-search [role=status]').innerText()).toBe('');
    await page.keyboard.type(' nowhere');
    await expect.poll(() => page.locator('.terminal-search [role=status]').innerText()).toBe('Not there');
    await press(page, 'Escape');
    await run(page, 'echo out of the search', /\nout of the search\n/);
  });

  for (const theme of ['light', 'dark'] as const) {
    test(`has no serious fault in ${theme}, and is read aloud where that is asked for`, async () => {
      const { page } = window;
      await page.emulateMedia({ colorScheme: theme });
      const aloud = page.getByRole('button', { name: 'Have screen readers follow the terminal' });
      await aloud.click();
      await settled(page);
      await expect.poll(() => page.locator('.xterm-accessibility').innerText()).toContain('out of the search');
      expect(await faultsOf(page)).toEqual([]);
      await aloud.click();
      await settled(page);
      expect(await faultsOf(page)).toEqual([]);
    });
  }

  test('says how a shell ended, below all that it had to say, and opens another', async () => {
    const { page } = window;
    await page.locator('.xterm-helper-textarea').focus();
    await typeLine(page, "yes | head -c 2M; echo 'good''bye'; exit 3");
    await untilScreen(page, /\ngoodbye(\nexit)?$/);
    await page.getByText('bash ended with exit code 3.').waitFor();
    await page.locator('.terminal-over-note').getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Open a terminal' }).click();
    await untilScreen(page, /^\$$/);
  });
});

describe.each(windowHosts)('a window that goes, on %s', (host) => {
  test('takes its shells with it', async () => {
    const window = await launchWindow({ host });
    await openSample(window.page, 'vkms-held-by-logind');
    await openTerminalPane(window.page);
    const file = join(await temporaryFolder(), 'pid');
    await run(window.page, `echo $$ > ${file}; echo written`, /\nwritten\n/);
    const pid = (await readFile(file, 'utf8')).trim();
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    await window.close();
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 10_000 }).toBe(false);
  });
});

test('where the native module cannot be loaded everything else runs, and the pane says why and what to do', async () => {
  const folder = await temporaryFolder();
  // What was built, with no node_modules above it.
  for (const part of ['package.json', 'assets', 'out/renderer', 'out/electron'])
    await cp(join(appRoot, part), join(folder, part), { recursive: true });
  const served = await startServe([], userEnvironment(folder), join(folder, 'out/electron/cli.mjs'));
  const { browser, context } = await launchBrowser({ host: 'loopback' });
  try {
    const page = await context.newPage();
    await page.goto(served.address);
    await waitForIdle(page);
    await openSample(page, 'vkms-held-by-logind');
    expect(await page.locator('.panel-holders').innerText()).toContain('systemd-logind-545');
    await page.getByRole('tab', { name: 'Terminal' }).click();
    await settled(page);
    const told = await page.locator('.terminal-none').innerText();
    expect(told).toContain('There is no terminal in this window.');
    expect(told).toContain("Cannot find module '@lydell/node-pty'");
    expect(told).toContain('npm ci');
    expect(await faultsOf(page)).toEqual([]);
  } finally {
    await browser.close();
    await served.stop();
  }
});
