import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { windowHosts } from '../support/launch-window.ts';
import { openTerminalPane, run } from './drive-terminal.ts';
import { answer, openSystem, plan, withoutAnybody, withoutXorg } from './drive-this-system.ts';
import { selectModule, settled } from './drive-window.ts';

const refuses = `#!/bin/sh
echo "modprobe: FATAL: Module $2 is in use." >&2
exit 1
`;

/** In place of the system's own, for the shells of a window. */
async function putModprobe(folder: string, script: string): Promise<void> {
  await mkdir(join(folder, 'bin'), { recursive: true });
  await writeFile(join(folder, 'bin/modprobe'), script);
  await chmod(join(folder, 'bin/modprobe'), 0o755);
}

describe.each(windowHosts)('unloading a module in the terminal on %s', (host) => {
  test('that fails is said where the plan is, which is of a look since; that succeeds ends it', async () => {
    const window = await openSystem(host, 'graphical-session', ...withoutXorg);
    const { page, userFolder } = window;
    await putModprobe(userFolder, refuses);
    await writeFile(join(userFolder, '.bashrc'), `PS1='$ '\nPATH="${userFolder}/bin:$PATH"\n`);
    await selectModule(page, 'vkms');
    expect(await plan(page)).not.toContain('kill 118');
    await openTerminalPane(page);

    // Meanwhile somebody has opened the card.
    await answer(window, 'graphical-session');
    await run(page, 'modprobe -r vkms', /FATAL: Module vkms is in use/);
    const failure = page.locator('.unload-failure');
    await failure.getByText('What is shown here was seen since.').waitFor();
    await settled(page);
    expect(await failure.innerText()).toMatch(
      /^modprobe -r vkms ended with 1 at \d\d:\d\d:\d\d: the terminal says why/,
    );
    expect(await plan(page)).toContain('sudo kill 118');

    // It is said of that module alone.
    await selectModule(page, 'softdog');
    expect(await failure.count()).toBe(0);
    await selectModule(page, 'vkms');
    expect(await failure.count()).toBe(1);

    await putModprobe(userFolder, '#!/bin/sh\necho unloaded "$2"\n');
    await answer(window, 'graphical-session', ...withoutAnybody);
    await page.locator('.terminal-screen').click();
    await run(page, 'modprobe -r vkms', /\nunloaded vkms/);
    await failure.waitFor({ state: 'detached' });
    await page.locator('.plan').getByText('It can be unloaded now').waitFor();
  });
});
