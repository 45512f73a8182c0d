import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { editSnapshot } from '../support/edit-snapshot.ts';
import { windowHosts, writeScript } from '../support/launch-window.ts';
import { readSnapshotBytes } from '../support/read-snapshot-fixture.ts';
import { footer, launchSystem, lookAgain, names } from './drive-this-system.ts';
import { press, selectModule, settled } from './drive-window.ts';

describe.each(windowHosts)('looking as administrator on %s', (host) => {
  const pkexec = (words: string, status: number) => ({
    look: { by: 'pkexec' as const, root: [{ stderr: `${words}\n` }, { exit: status }] },
  });

  test.each([
    [
      'dismissed',
      'Error executing command as another user: Request dismissed',
      126,
      'The question for a password was dismissed.',
    ],
    ['denied', 'Error executing command as another user: Not authorized', 127, 'It was not allowed.'],
    [
      'without an agent',
      'Error executing command as another user: No authentication agent found.',
      127,
      'Nobody is there to ask for a password.',
    ],
  ])('%s: says so, and what was seen stays', async (_, words, status, expected) => {
    const window = await launchSystem(host, pkexec(words, status), 'network-as-user');
    onTestFinished(() => window.close());
    const { page } = window;
    await press(page, 'l');
    expect(await footer(page)).toContain('Looked as you');
    expect(await footer(page)).toContain('could not be seen');
    const before = (await names(page)).slice(0, 8);
    await page.locator('.look-facts').getByRole('button', { name: 'Look as administrator' }).click();
    await settled(page);
    expect(await footer(page)).toContain(expected);
    expect((await names(page)).slice(0, 8)).toEqual(before);
    expect(await page.locator('.look-more').isEnabled()).toBe(true);
  });

  test('allowed: more is explained, and the next looks are the administrator’s too', async () => {
    const window = await launchSystem(host, {}, 'network-as-user');
    onTestFinished(() => window.close());
    const { page, userFolder } = window;
    const asRoot = join(userFolder, 'root.frames');
    await writeFile(
      asRoot,
      editSnapshot(readSnapshotBytes('network'), (fact) => fact),
    );
    await writeScript(userFolder, { steps: [], look: { root: [{ looks: asRoot }] } });
    await press(page, 'l');
    await selectModule(page, 'tun');
    expect(await page.locator('.explained').innerText()).toContain('2 unexplained');
    await page.locator('.rest-card').getByRole('button', { name: 'Look as administrator' }).click();
    await settled(page);
    expect(await footer(page)).toContain('Looked as administrator');
    expect(await page.locator('.explained').innerText()).toContain('0 unexplained');
    expect(await page.getByRole('button', { name: 'Look as administrator' }).count()).toBe(0);
    await lookAgain(page);
    expect(await footer(page)).toContain('Looked as administrator');
    await page.getByRole('button', { name: 'Give up the administrator’s rights' }).click();
    await settled(page);
    expect(await footer(page)).toContain('Looked as you');
  });

  test('a helper that says nonsense is told of, and asked again', async () => {
    const window = await launchSystem(
      host,
      { look: { user: [{ raw: Buffer.from('nonsense').toString('base64') }] } },
      'network',
    );
    onTestFinished(() => window.close());
    const { page, userFolder } = window;
    await press(page, 'l');
    expect(await page.locator('.panel-modules').innerText()).toContain('The system could not be looked at.');
    await writeScript(userFolder, { steps: [] });
    await page.locator('.panel-modules .empty').getByRole('button', { name: 'Look again' }).click();
    await settled(page);
    expect(await names(page)).toContain('sctp');
  });
});
