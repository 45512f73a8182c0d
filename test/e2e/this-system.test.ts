import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type LaunchedWindow, waitForIdle, windowHosts, writeScript } from '../support/launch-window.ts';
import { readSnapshotFixture } from '../support/read-snapshot-fixture.ts';
import {
  answer,
  footer,
  launchSystem,
  lookAgain,
  names,
  openSystem,
  plan,
  row,
  withoutAnybody,
  withoutXorg,
} from './drive-this-system.ts';
import { faultsOf, openSample, press, selectModule, settled, told } from './drive-window.ts';

describe.each(windowHosts)('this system on %s', (host) => {
  let window: LaunchedWindow;
  beforeAll(async () => {
    window = await launchSystem(host, {}, 'graphical-session');
  });
  afterAll(() => window.close());

  test('is opened from the start screen without a recording', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'This system' }).click();
    await settled(page);
    expect(await page.title()).toBe('This system – ModShark');
    expect(await names(page)).toContain('vkms');
    expect(await row(page, 'drm').innerText()).toContain('6');
    expect(await footer(page)).toMatch(/Looked as administrator at \d\d:\d\d:\d\d/);
  });

  test('says what a recording would add where the timeline is', async () => {
    const timeline = await window.page.locator('.panel-timeline').innerText();
    expect(timeline).toContain('no recording');
    expect(timeline).toContain('Open a recording…');
  });

  test('names every reference of a module, with the programs, and how to make them let go', async () => {
    const { page } = window;
    await selectModule(page, 'vkms');
    const holders = await told.holders(page);
    expect(holders).toContain('vkms 2 = 1 file of systemd-logind (2 processes) + 1 file of Xorg');
    expect(holders).toContain('0 unexplained');
    expect(holders).toContain('/dev/dri/card0');
    expect(holders).toContain('systemd-logind-116');
    expect(holders).toContain('gnome-shell-117');
    expect(holders).toContain('Xorg-118');
    expect(await plan(page)).toContain('sudo kill 118');
    expect(await plan(page)).toContain('ends the graphical session');
    expect(await plan(page)).toContain('sudo modprobe -r vkms');
  });

  test('a holder that is a module leads to who holds that', async () => {
    const { page } = window;
    await selectModule(page, 'drm_shmem_helper');
    await page.locator('.panel-holders').getByRole('button', { name: 'vkms' }).first().click();
    await settled(page);
    expect(await page.locator('.answer-module').innerText()).toBe('vkms');
    expect(await page.locator('.panel-modules [aria-selected=true] .module-name').innerText()).toBe('vkms');
  });

  test('the graph shows programs → modules → modules', async () => {
    const { page } = window;
    await page.getByRole('tab', { name: 'Holder graph' }).click();
    await page.getByRole('button', { name: 'Show as a list' }).click();
    await settled(page);
    const list = await page.getByRole('region', { name: 'Holders as a list' }).innerText();
    expect(list).toMatch(/vkms\s+2 references/);
    expect(list).toMatch(/Xorg-118\s+1\s+\/dev\/dri\/card0\s+(confidence\s+)?high/);
    expect(list).toMatch(/drm_kms_helper\s+1\s+symbols it uses/);
    await page.getByRole('button', { name: 'Show as a picture' }).click();
    await settled(page);
    expect(await page.getByRole('button', { name: 'vkms, module, 2 references' }).isVisible()).toBe(true);
  });

  test.each(['light', 'dark'] as const)('has no serious fault in %s', async (theme) => {
    await window.page.emulateMedia({ colorScheme: theme });
    await settled(window.page);
    expect(await faultsOf(window.page)).toEqual([]);
  });

  test('is worked with the keyboard alone', async () => {
    const { page } = window;
    await page.locator('.present-grid').focus();
    await press(page, 'Home');
    const first = await page.locator('.answer-module').innerText();
    await press(page, 'ArrowDown');
    expect(await page.locator('.answer-module').innerText()).not.toBe(first);
    await press(page, 'Control+k');
    await page.keyboard.type('look at this system again');
    await press(page, 'Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await settled(page);
    expect(await footer(page)).toContain('Looked');
  });

  test('stands beside a recording: l and Shift+L change between now and the cursor', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'ModShark', exact: true }).click();
    await settled(page);
    await openSample(page, 'vkms-held-by-logind');
    expect(await told.holders(page)).toContain('vkms: 1 reference = 1 file of systemd-logind');
    await press(page, 'l');
    expect(await told.holders(page)).toContain('vkms 2 = 1 file of systemd-logind (2 processes) + 1 file of Xorg');
    expect(await page.getByRole('radio', { name: 'Now' }).isChecked()).toBe(true);
    // What a file tells is of another system: nothing of it is part of the answer.
    expect(await footer(page)).not.toContain('recording');
    await press(page, 'Shift+L');
    expect(await told.holders(page)).toContain('vkms: 1 reference = 1 file of systemd-logind');
  });
});

describe.each(windowHosts)('looking again on %s', (host) => {
  test('a hold appears and goes; the selection and the rows stay', async () => {
    const window = await openSystem(host, 'graphical-session', ...withoutXorg);
    const { page } = window;
    await selectModule(page, 'vkms');
    expect(await told.holders(page)).not.toContain('Xorg');
    const kept = await row(page, 'vkms').elementHandle();

    await answer(window, 'graphical-session');
    await lookAgain(page);
    expect(await told.holders(page)).toContain('Xorg-118');
    expect(await row(page, 'vkms').innerText()).toContain('+1');
    expect(await row(page, 'drm').innerText()).toContain('+1');

    await answer(window, 'graphical-session', ...withoutXorg);
    await lookAgain(page);
    expect(await told.holders(page)).not.toContain('Xorg-118');
    expect(await row(page, 'vkms').innerText()).not.toContain('+1');
    // The very element: nothing was taken from the page and put there again.
    expect(await kept?.evaluate((element) => element.isConnected && element.getAttribute('aria-selected'))).toBe(
      'true',
    );
  });

  test('steps of the plan that were done are ticked, until it can be unloaded', async () => {
    const window = await openSystem(host, 'graphical-session');
    const { page } = window;
    await selectModule(page, 'vkms');
    expect(await page.locator('.plan-step').count()).toBe(2);
    await answer(window, 'graphical-session', ...withoutXorg);
    await lookAgain(page);
    expect(await page.locator('.plan-done').allInnerTexts()).toEqual([
      expect.stringMatching(/^Done:\s+fd 3 of Xorg \(118\)/),
    ]);
    expect(await plan(page)).not.toContain('kill 118');
    await answer(window, 'graphical-session', ...withoutAnybody);
    await lookAgain(page);
    expect(await plan(page)).toContain('It can be unloaded now');
    expect(await page.locator('.plan-done').count()).toBe(2);
  });

  test('the window looks by itself every few seconds', async () => {
    const window = await openSystem(host, 'graphical-session', ...withoutXorg);
    await answer(window, 'graphical-session');
    await row(window.page, 'vkms').getByText('+1').waitFor({ timeout: 15_000 });
  });

  test('a module that is unloaded meanwhile says so, and is not lost from sight', async () => {
    const window = await openSystem(host, 'graphical-session');
    const { page } = window;
    await selectModule(page, 'uinput');
    await answer(window, 'graphical-session', (fact) => {
      if (fact.name === ':module uinput') return undefined;
      if (fact.name === '/proc/modules') return { ...fact, text: fact.text.replace(/^uinput .*\n/m, '') };
      return fact;
    });
    await lookAgain(page);
    expect(await told.holders(page)).toContain('uinput is not in the kernel any more');
    expect(await names(page)).not.toContain('uinput');
  });

  test('hostile names are written so that they can be seen, and never run', async () => {
    const evil = 'a\u202eb\u001b[31m\n`x`';
    const window = await openSystem(host, 'graphical-session', (fact) =>
      fact.name === ':process 118'
        ? {
            ...fact,
            text: fact.text
              .replace('(Xorg)', `(${Buffer.from(evil).toString('latin1')})`)
              .replace('/bin/puppet', '/tmp/$(reboot)\n\x1bx'),
          }
        : fact,
    );
    const { page } = window;
    await selectModule(page, 'vkms');
    const holders = await told.holders(page);
    expect(holders).toContain('a\\u{202e}b\\e[31m\\n');
    expect(holders).toContain('/tmp/$(reboot)\\n\\ex');
    expect(holders).not.toMatch(/[\p{Cf}\p{Cs}]/u);
    expect(await faultsOf(page)).toEqual([]);
  });
});

describe.each(windowHosts)('now and a recording of this system on %s', (host) => {
  const { ended } = readSnapshotFixture('graphical-session').snapshot;
  /** The trace clock is that of the look. */
  const at = (seconds: number) => (Number(ended) / 1e9 + seconds).toFixed(6);
  const trace = `       modprobe-90    [000] .....     ${at(-3)}: module_load: vkms OE
            Xorg-118   [001] .....     ${at(-1)}: module_get: vkms call_site=drm_stub_open refcnt=3
`;

  test('are one answer: one holder with two pieces of evidence, until the recording is closed', async () => {
    const window = await launchSystem(host, {}, 'graphical-session');
    onTestFinished(() => window.close());
    const { page, userFolder } = window;
    const steps = [
      { hello: {} },
      { trace },
      { counts: [[0, 0, 0, 0, 0, 2]] },
      { until: 'stop' },
      { bye: ['stop', 'removed'] },
    ];
    await writeScript(userFolder, { steps });
    await press(page, 'l');
    await selectModule(page, 'vkms');
    await page
      .getByRole('region', { name: 'Live recording' })
      .getByRole('button', { name: 'Record', exact: true })
      .click();
    await page.locator('.look-facts').getByText('and at the recording').waitFor();
    await page.locator('.evidence-recording').first().waitFor();
    const xorg = await page.locator('.holder-card', { hasText: 'Xorg-118' }).innerText();
    expect(xorg).toMatch(/now\s+fd 3 of Xorg/);
    expect(xorg).toMatch(/recorded\s+Taken by Xorg-118/);
    expect(xorg).toContain('1 reference');
    expect(await page.locator('.answer-module').innerText()).toBe('vkms');
    await page
      .getByRole('region', { name: 'Live recording' })
      .getByRole('button', { name: 'Stop', exact: true })
      .click();
    await settled(page);
    await press(page, 'Control+k');
    await page.keyboard.type('close the recording');
    await press(page, 'Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.locator('.panel-timeline').getByText('no recording').waitFor();
    await settled(page);
    expect(await footer(page)).not.toContain('recording');
    expect(await told.holders(page)).toContain('Xorg-118');
  });

  test('this system is there again after the page was loaded again', async () => {
    const { page } = await openSystem(host, 'graphical-session');
    await page.reload();
    await waitForIdle(page);
    await settled(page);
    expect(await names(page)).toContain('vkms');
  });
});

describe.each(windowHosts)('a command of the plan on %s', (host) => {
  test('takes one device from a module that stays, for a virtual machine to have', async () => {
    const { page } = await openSystem(host, 'graphical-session', (fact) =>
      fact.name === '/sys/class/iommu/'
        ? { ...fact, name: '/sys/bus/pci/drivers/virtio-pci/', text: '0000:00:04.0/bind/module/unbind' }
        : fact,
    );
    await selectModule(page, 'virtio_pci');
    expect(await plan(page)).toContain('It can be unloaded now');
    await page.getByText('Or take one device from it').click();
    await settled(page);
    expect(await plan(page)).toContain('Take 0000:00:04.0 from virtio_pci, which stays loaded');
    expect(await plan(page)).toContain("sudo sh -c 'echo 0000:00:04.0 > /sys/bus/pci/drivers/virtio-pci/unbind'");
    expect(await faultsOf(page)).toEqual([]);
  });

  test('is copied, or put into the terminal’s line, and never runs by itself', async () => {
    const window = await openSystem(host, 'graphical-session');
    const { page } = window;
    await page.evaluate(() => {
      const caught = globalThis as unknown as { copied: string };
      Object.defineProperty(navigator, 'clipboard', {
        value: {
          writeText: async (text: string) => {
            caught.copied = text;
          },
        },
      });
    });
    await selectModule(page, 'softdog');
    await page.getByRole('button', { name: 'Copy the command sudo modprobe -r softdog' }).click();
    await settled(page);
    expect(await page.evaluate(() => (globalThis as unknown as { copied: string }).copied)).toBe(
      'sudo modprobe -r softdog',
    );
    await page.getByRole('button', { name: 'Put the command sudo modprobe -r softdog into the terminal' }).click();
    await settled(page);
    expect(await page.getByRole('tab', { name: 'Terminal' }).getAttribute('aria-selected')).toBe('true');
    expect(await names(page)).toContain('softdog');
  });
});
