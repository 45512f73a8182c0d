import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { type LaunchedWindow, type LaunchOptions, launchWindow, type windowHosts } from '../support/launch-window.ts';
import type { Step } from '../support/script-capture.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** What the kernel writes of vkms, which modprobe loads and a process named systemd-logind holds. */
export const loaded = `        modprobe-1687    [001] .....   102.100000: module_load: vkms OE
        modprobe-1687    [001] .....   102.100010: module_get: drm call_site=ref_module refcnt=2
        modprobe-1687    [001] .....   102.100020: module_put: vkms call_site=do_init_module refcnt=1
`;
export const held =
  '  systemd-logind-545     [000] .....   102.168297: module_get: vkms call_site=drm_stub_open refcnt=2\n';
export const released =
  '  systemd-logind-545     [000] .....   103.500000: module_put: vkms call_site=drm_release refcnt=1\n';
export const counts = (read: number, lost = 0): Step => ({ counts: [[0, 0, lost, 0, 0, read]] });
export const stopped: readonly Step[] = [{ until: 'stop' }, { bye: ['stop', 'removed'] }];
export const recording: readonly Step[] = [{ hello: {} }, { trace: loaded + held }, counts(4)];
export const answer = 'vkms: 1 reference = 1 file of systemd-logind';

type Host = (typeof windowHosts)[number];

export async function launch(host: Host, steps: readonly Step[], options: Partial<LaunchOptions> = {}) {
  const window = await launchWindow({ host, script: { steps }, ...options });
  onTestFinished(() => window.close());
  return window;
}

export const bar = ({ page }: LaunchedWindow) => page.getByRole('region', { name: 'Live recording' });
const button = (window: LaunchedWindow, name: string) => bar(window).getByRole('button', { name, exact: true });
export const press = (window: LaunchedWindow, name: string) => button(window, name).click();
/** Presses a button of two windows in one moment: what one press changes does not take the other's button away first. */
export async function pressBoth(windows: readonly LaunchedWindow[], name: string): Promise<void> {
  const buttons = windows.map((window) => button(window, name));
  await Promise.all(buttons.map((one) => one.click({ trial: true })));
  const elements = await Promise.all(buttons.map((one) => one.elementHandle()));
  await Promise.all(
    elements.map((element) => element?.evaluate((shown) => shown.dispatchEvent(new Event('click', { bubbles: true })))),
  );
}
export const says = (window: LaunchedWindow, text: string | RegExp) => bar(window).getByText(text).first().waitFor();
export const shows = ({ page }: LaunchedWindow, text: string) => page.getByText(text).first().waitFor();
export const spooled = ({ userFolder }: LaunchedWindow) =>
  readdir(join(userFolder, 'state/modshark/spool')).catch((): string[] => []);
export const kernelText = (text: string) =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');

/** Saves by what the host has: the desktop's dialog, or the browser's downloads. Gives the path. */
export async function save(window: LaunchedWindow): Promise<string> {
  const path = join(await temporaryFolder(), 'saved.txt');
  if (window.desktop === undefined) {
    const [download] = await Promise.all([window.page.waitForEvent('download'), press(window, 'Save…')]);
    expect(download.suggestedFilename()).toMatch(/^modshark-\d{4}-\d\d-\d\d-\d{6}\.txt$/);
    await download.saveAs(path);
    await says(window, 'Given to the browser');
  } else {
    await window.desktop.answerDialog(path);
    await press(window, 'Save…');
    await says(window, 'Saved as saved.txt.');
  }
  return path;
}
