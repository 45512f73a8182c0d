import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { launchWindow } from '../support/launch-window.ts';
import { launchPaced } from '../support/paced-window.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { held, loaded } from './drive-capture.ts';
import { openByDialog, selectModule, settled, told } from './drive-window.ts';

/** The longest name that the kernel takes. */
const longest = 'm'.repeat(55);

async function openText(text: string, size = { width: 1280, height: 720 }) {
  const window = await launchWindow({ host: 'loopback', ...size });
  onTestFinished(() => window.close());
  const path = join(await temporaryFolder(), 'recording.txt');
  await writeFile(path, text);
  await openByDialog(window, path);
  return window;
}

/** The module is being loaded, and each task opens its device. */
function opens(module: string, tasks: readonly string[]): string {
  const print = (task: string, microseconds: number, event: string) =>
    `${task.padStart(24)} [001] .....   100.${String(microseconds).padStart(6, '0')}: ${event}\n`;
  return [
    print('modprobe-1687', 1, `module_load: ${module} OE`),
    ...tasks.map((task, i) => print(task, 100 + i, `module_get: ${module} call_site=drm_stub_open refcnt=${i + 3}`)),
  ].join('');
}

/** By how many pixels each text of the graph leaves its node; nothing where all stay within. */
function overflows(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.graph-node')].flatMap((node) => {
      const right = node.querySelector('.graph-button > rect')!.getBoundingClientRect().right - 4;
      return [...node.querySelectorAll('text')]
        .filter((text) => text.getBoundingClientRect().right > right - 4)
        .map((text) => `${text.textContent} +${text.getBoundingClientRect().right - right}`);
    }),
  );
}

test('fifty tasks of one name are one sentence, and one node that holds its text', async () => {
  const tasks = Array.from({ length: 50 }, (_, i) => `Web Content-${1111 + i * 1111}`);
  const { page } = await openText(opens('vkms', tasks));
  await selectModule(page, 'vkms');
  expect(await told.holders(page)).toContain('50 files of Web Content (50 tasks)');
  await page.getByRole('tab', { name: 'Holder graph' }).click();
  await settled(page);
  expect(await page.locator('.graph-svg').textContent()).toContain('Web Content × 50');
  expect(await overflows(page)).toEqual([]);
});

test('a name of 55 characters that is being loaded leaves the numbers beside it alone', async () => {
  const { page } = await openText(opens(longest, ['logind-1']));
  const row = page.locator('.panel-modules .module-row', { hasText: longest });
  const tag = (await row.getByText('loading').boundingBox())!;
  const references = (await row.locator('.number').first().boundingBox())!;
  expect(tag.x + tag.width).toBeLessThanOrEqual(references.x);
});

test('at 200 % what is told of a recording lies beside the buttons, and the answer under the modules', async () => {
  const { page } = await openText(`no line of a trace\n${opens('vkms', ['Xorg-1', 'Xorg-2'])}`, {
    width: 640,
    height: 360,
  });
  await selectModule(page, 'vkms');
  const edge = async (selector: string, side: 'x' | 'y') => (await page.locator(selector).boundingBox())![side];
  const facts = await page.locator('.recording-facts > *').last().boundingBox();
  expect(facts!.x + facts!.width).toBeLessThanOrEqual(await edge('.top-bar .choice', 'x'));
  expect(await edge('.panel-modules', 'y')).toBeLessThan(await edge('.panel-holders', 'y'));
  expect(await edge('.panel-holders', 'y')).toBeLessThan(await edge('.panel-timeline', 'y'));
});

test('while a recording grows, the node that is looked at stays where it is, and those beside it in their order', async () => {
  const window = await launchPaced({ host: 'loopback', width: 1280, height: 720 });
  onTestFinished(() => window.close());
  const { page } = window;
  await window.say(loaded + held, 4);
  await page.getByRole('tab', { name: 'Holder graph' }).click();
  await settled(page);
  const place = async (name: string) =>
    (await page.locator('.graph-svg [role=button]', { hasText: name }).first().boundingBox())!;
  const before = { vkms: await place('vkms, module'), drm: await place('drm, module') };
  for (const [i, task] of ['gnome-shell-900', 'Xorg-901', 'alpha-902'].entries())
    await window.say(
      `${task.padStart(24)} [000] .....   102.${i + 2}00000: module_get: vkms call_site=drm_stub_open refcnt=${i + 3}\n`,
      5 + i,
    );
  const vkms = await place('vkms, module');
  expect(Math.abs(vkms.x - before.vkms.x) + Math.abs(vkms.y - before.vkms.y)).toBeLessThan(1);
  expect(Math.sign((await place('drm, module')).y - vkms.y)).toBe(Math.sign(before.drm.y - before.vkms.y));
  const tasks = ['systemd-logind', 'gnome-shell', 'Xorg', 'alpha'];
  const heights = await Promise.all(tasks.map(async (task) => (await place(task)).y));
  expect(heights).toEqual([...heights].sort((a, b) => a - b));
});
