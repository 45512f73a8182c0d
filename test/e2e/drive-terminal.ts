import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { settled } from './drive-window.ts';

/** Shows the pane and waits until its shell asks for a command. */
export async function openTerminalPane(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Terminal' }).click();
  await settled(page);
  await untilScreen(page, /[$#] *$/);
}

/** What the shown terminal has on its screen, line by line. */
export function screenOf(page: Page): Promise<string> {
  return page.evaluate(readScreen);
}

/** Waits until the screen says something. */
export async function untilScreen(page: Page, said: RegExp): Promise<void> {
  const wanted = { source: said.source, flags: said.flags };
  await page
    .waitForFunction(isOnScreen, wanted, { timeout: 45_000, polling: 30 })
    .catch(async () => expect.fail(`${said} is not on the screen:\n${await screenOf(page)}`));
}

/** Types a line into the terminal, which has the keyboard. */
export async function typeLine(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
}

/** Types a line and waits for what it prints. */
export async function run(page: Page, line: string, said: RegExp): Promise<void> {
  await typeLine(page, line);
  await untilScreen(page, said);
}

/** Runs in the page, where nothing else of this file is. */
function readScreen(): string {
  const rows = [...document.querySelectorAll('.terminal-screen .xterm-rows > div')];
  const lines = rows.map((row) => (row.textContent ?? '').replaceAll('\u00a0', ' ').trimEnd());
  return lines.join('\n').trimEnd();
}

/** The same, and whether it says something. */
function isOnScreen({ source, flags }: { source: string; flags: string }): boolean {
  const rows = [...document.querySelectorAll('.terminal-screen .xterm-rows > div')];
  const lines = rows.map((row) => (row.textContent ?? '').replaceAll('\u00a0', ' ').trimEnd());
  return new RegExp(source, flags).test(lines.join('\n').trimEnd());
}
