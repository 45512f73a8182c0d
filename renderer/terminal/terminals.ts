import type { HostClient } from '../../shared/ipc/client.ts';
import type { OpenedTerminal } from '../../shared/ipc/terminal-contract.ts';
import type { Problem } from '../../shared/problem.ts';
import { beginWork } from '../state/activity.ts';
import { reportFault } from '../state/report-fault.ts';
import { useStore } from '../state/store.ts';
import { runningCommand } from '../state/terminal-slice.ts';
import { shownTheme } from '../theme/use-theme.ts';
import { createTerminalLine, type MakeScreen, type TerminalLine } from './create-terminal-line.ts';
import { harmlessLine } from './harmless-line.ts';

/** The lines to the host's terminals, by their number. They outlive what React shows of them. */
const lines = new Map<number, TerminalLine>();
/** Output of terminals whose opening is not answered yet. */
const early = new Map<number, { readonly bytes: Uint8Array; readonly replay: boolean }[]>();
/** Where the screen of the shown terminal is; undefined while another tab is shown. */
let stage: HTMLElement | undefined;
/** The keyboard goes to the terminal as soon as that is on the page. */
let wantsFocus = false;

/** A shell that prints nothing for so long is typed into all the same. */
const LONGEST_START_MS = 3_000;

const pageKey = 'modshark.page';

/** Names this page across a reload. */
function nameOfPage(): string {
  const kept = sessionStorage.getItem(pageKey);
  if (kept !== null) return kept;
  const made = crypto.randomUUID();
  sessionStorage.setItem(pageKey, made);
  return made;
}

/** Listens to the host's terminals, and finds those again that a reload left behind. */
export async function meetTerminals(host: HostClient): Promise<void> {
  const state = useStore.getState();
  host.on('terminal.output', ({ terminal, replay }, bytes) => {
    const line = lines.get(terminal);
    if (line !== undefined) line.receive(bytes, replay);
    else early.set(terminal, [...(early.get(terminal) ?? []), { bytes, replay }]);
  });
  host.on('terminal.command', state.noteCommand);
  host.on('terminal.ended', ({ terminal, exitCode }) => {
    lines.get(terminal)?.end();
    // Of one that was closed here meanwhile nobody wants what was on its way.
    early.delete(terminal);
    if (exitCode === 0) forget(terminal);
    else state.endTerminal(terminal, exitCode);
  });
  for (const opened of await host.request('terminal.attach', { page: nameOfPage() })) register(opened, newLine(host));
}

/** xterm.js is loaded with the first screen, so that a window without a terminal starts without it. */
const makeScreen: MakeScreen = async (events) => {
  const { createScreen } = await import('./create-screen.ts');
  return createScreen(events, useStore.getState().settings.readAloud);
};

function newLine(host: HostClient): TerminalLine {
  return createTerminalLine(host, makeScreen, {
    theme: shownTheme,
    copied: (text) => void navigator.clipboard.writeText(text).catch(reportFault),
    searched: () => useStore.setState({ terminalSearch: true }),
  });
}

function register(opened: OpenedTerminal, line: TerminalLine): void {
  lines.set(opened.terminal, line);
  line.bind(opened.terminal);
  for (const { bytes, replay } of early.get(opened.terminal) ?? []) line.receive(bytes, replay);
  early.delete(opened.terminal);
  useStore.getState().addTerminal(opened);
}

/** Opens a terminal with the user's shell, or with polkit's agent that asks there for a password, and shows it. */
export async function openTerminal(
  kind: OpenedTerminal['kind'] = 'shell',
): Promise<{ readonly terminal: number } | { readonly problem: Problem }> {
  const { host, showTerminalProblem, showTab } = useStore.getState();
  if (host === undefined) throw new Error('a terminal was asked for without a host');
  const ended = beginWork();
  const line = newLine(host);
  useStore.setState({ terminalOpening: true });
  try {
    showTab('terminal');
    const screen = await line.prepare();
    if (stage !== undefined) screen.mount(stage);
    const answer = await host.request('terminal.open', { page: nameOfPage(), kind, ...screen.size });
    if (!answer.ok) {
      line.dispose();
      showTerminalProblem(answer.problem);
      return { problem: answer.problem };
    }
    register(answer.opened, line);
    return { terminal: answer.opened.terminal };
  } catch (fault) {
    line.dispose();
    throw fault;
  } finally {
    useStore.setState({ terminalOpening: false });
    ended();
  }
}

/** Hangs up for somebody who then goes on in the next terminal, if there is one. */
export function leaveTerminal(terminal: number): void {
  closeTerminal(terminal);
  if (useStore.getState().terminal !== undefined) focusTerminal();
}

/** Hangs up. */
export function closeTerminal(terminal: number): void {
  const { host, terminals } = useStore.getState();
  const one = terminals.find((other) => other.terminal === terminal);
  if (one?.ended === undefined) host?.request('terminal.close', { terminal }).catch(reportFault);
  forget(terminal);
}

function forget(terminal: number): void {
  const hadKeyboard = stage?.contains(document.activeElement) === true;
  lines.get(terminal)?.dispose();
  lines.delete(terminal);
  useStore.getState().removeTerminal(terminal);
  // What is typed next is meant for a terminal, not for the window's shortcuts.
  if (hadKeyboard && useStore.getState().terminal !== undefined) focusTerminal();
}

/** Gives the shown terminal its place on the page; undefined when the pane is gone. */
export function setStage(place: HTMLElement | undefined): void {
  stage = place;
  void showOnStage();
}

/** Puts the screen of the shown terminal on the stage, and takes the others off it. */
export async function showOnStage(): Promise<void> {
  const { terminal } = useStore.getState();
  for (const [number, line] of lines) if (number !== terminal || stage === undefined) line.screen?.unmount();
  const line = terminal === undefined ? undefined : lines.get(terminal);
  if (line === undefined || stage === undefined) return;
  const ended = beginWork();
  try {
    const screen = await line.prepare();
    // Meanwhile another may have been chosen.
    if (stage === undefined || useStore.getState().terminal !== terminal) return;
    screen.mount(stage);
    if (wantsFocus) screen.focus();
    wantsFocus = false;
  } catch (fault) {
    reportFault(fault);
  } finally {
    ended();
  }
}

/** The screen that is on the page. */
export function shownScreen(): TerminalLine['screen'] {
  const { terminal } = useStore.getState();
  return terminal === undefined ? undefined : lines.get(terminal)?.screen;
}

/** Every screen there is. */
export function allScreens(): readonly NonNullable<TerminalLine['screen']>[] {
  return [...lines.values()].flatMap(({ screen }) => screen ?? []);
}

/**
 * Puts a text into the line of a shell that waits for one, and opens a shell where none does. Nothing runs by that: it
 * is for the person to press Enter.
 */
export async function typeIntoShell(text: string): Promise<void> {
  const { terminals, terminal: shown, commands, showTerminal } = useStore.getState();
  const waits = terminals.filter(
    (one) => one.kind === 'shell' && one.ended === undefined && runningCommand(commands, one.terminal) === undefined,
  );
  const chosen = waits.find((one) => one.terminal === shown) ?? waits[0];
  let target = chosen?.terminal;
  if (target === undefined) {
    const opened = await openTerminal();
    if ('problem' in opened) return;
    target = opened.terminal;
    // What is typed before the shell asks for it would be shown twice.
    const tired = new Promise((resolve) => setTimeout(resolve, LONGEST_START_MS));
    await Promise.race([lines.get(target)?.spoke, tired]);
  }
  showTerminal(target);
  lines.get(target)?.type(harmlessLine(text));
  focusTerminal();
}

/** Gives the keyboard to the shown terminal, now or when it is there. */
export function focusTerminal(): void {
  wantsFocus = true;
  void showOnStage();
}
