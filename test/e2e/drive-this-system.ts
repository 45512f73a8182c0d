import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { editSnapshot, type RawFact, withRefcounts } from '../support/edit-snapshot.ts';
import { type LaunchedWindow, launchWindow, type WindowHost } from '../support/launch-window.ts';
import { readSnapshotBytes, type SnapshotFixture } from '../support/read-snapshot-fixture.ts';
import type { CaptureScript } from '../support/scripted-window/scripted-means.ts';
import { press, settled } from './drive-window.ts';

type Edit = (fact: RawFact) => RawFact | undefined;

/** What a helper answers from now on: a look of a real kernel, changed as the story wants it. */
export function answer(
  { userFolder }: Pick<LaunchedWindow, 'userFolder'>,
  look: SnapshotFixture,
  ...edits: readonly Edit[]
) {
  const edit = (fact: RawFact) =>
    edits.reduce<RawFact | undefined>((edited, next) => (edited === undefined ? undefined : next(edited)), fact);
  return writeFile(join(userFolder, 'look.frames'), editSnapshot(readSnapshotBytes(look), edit));
}

/** The story of the graphical session before Xorg opens the card: one reference less of vkms and of drm. */
export const withoutXorg: readonly Edit[] = [
  (fact) => (fact.name === ':file' && fact.text.includes('\x00118:3\x00/dev/dri/card0') ? undefined : fact),
  withRefcounts({ vkms: 1, drm: 5 }),
];
/** And after everybody closed it. */
export const withoutAnybody: readonly Edit[] = [
  (fact) => (fact.name === ':file' && fact.text.includes('/dev/dri/card0') ? undefined : fact),
  withRefcounts({ vkms: 0, drm: 4 }),
];

/** A window whose helper answers with a look of a real kernel. */
export async function launchSystem(
  host: WindowHost,
  script: Omit<CaptureScript, 'steps'>,
  look: SnapshotFixture,
  ...edits: readonly Edit[]
) {
  const window = await launchWindow({ host, width: 1280, height: 1080, script: { steps: [], ...script } });
  await answer(window, look, ...edits);
  return window;
}

/** The same, with this system open, for one test. */
export async function openSystem(
  host: WindowHost,
  look: SnapshotFixture,
  ...edits: readonly Edit[]
): Promise<LaunchedWindow> {
  const window = await launchSystem(host, {}, look, ...edits);
  onTestFinished(() => window.close());
  await press(window.page, 'l');
  return window;
}

export async function lookAgain(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Look again' }).click();
  await settled(page);
}

export const row = (page: Page, module: string) =>
  page.locator('.panel-modules .module-row', { has: page.getByText(module, { exact: true }) });
export const names = (page: Page) => page.locator('.panel-modules [role=row] .module-name').allInnerTexts();
export const footer = (page: Page) => page.locator('.look-facts').innerText();
export const plan = (page: Page) => page.locator('.plan').innerText();
