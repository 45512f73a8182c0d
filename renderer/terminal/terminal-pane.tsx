import { useEffect, useRef } from 'react';
import { reportFault } from '../state/report-fault.ts';
import { useStore } from '../state/store.ts';
import { useTheme } from '../theme/use-theme.ts';
import { EndedNote } from './ended-note.tsx';
import { NoTerminal } from './no-terminal.tsx';
import { TerminalSearch } from './terminal-search.tsx';
import {
  allScreens,
  focusTerminal,
  openTerminal,
  setStage,
  shownScreen,
  showOnStage,
  typeIntoShell,
} from './terminals.ts';

/** The screen of the chosen terminal. */
export function TerminalPane() {
  const stage = useRef<HTMLDivElement | null>(null);
  const hasHost = useStore((state) => state.host !== undefined);
  const terminal = useStore((state) => state.terminal);
  const shown = useStore((state) => state.terminals.find((one) => one.terminal === state.terminal));
  const opening = useStore((state) => state.terminalOpening);
  const problem = useStore((state) => state.terminalProblem);
  const waiting = useStore((state) => state.terminalInsert);
  const readAloud = useStore((state) => state.settings.readAloud);
  const searching = useStore((state) => state.terminalSearch);
  const theme = useTheme();

  useEffect(() => {
    const place = stage.current;
    if (place === null) return;
    setStage(place);
    // Who came with the mouse wants to type; who walks along the tabs with the keyboard wants to walk on.
    if (document.activeElement?.matches('[role=tab]:not(:focus-visible)')) focusTerminal();
    const observer = new ResizeObserver(() => shownScreen()?.fit());
    observer.observe(place);
    return () => {
      observer.disconnect();
      setStage(undefined);
    };
  }, []);

  // The first look at the pane opens the first terminal; after that it is for the person to say.
  useEffect(() => {
    const { terminals, terminalOpening, terminalProblem, terminalInsert } = useStore.getState();
    const has = terminals.length > 0 || terminalOpening;
    if (hasHost && !has && terminalProblem === undefined && terminalInsert === undefined)
      openTerminal().catch(reportFault);
  }, [hasHost]);

  useEffect(() => {
    if (waiting === undefined || !hasHost) return;
    const text = useStore.getState().takeTerminalInsert();
    if (text !== undefined) typeIntoShell(text).catch(reportFault);
  }, [waiting, hasHost]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the screen of the one that is chosen now
  useEffect(() => void showOnStage(), [terminal]);

  useEffect(() => {
    for (const screen of allScreens()) screen.paint(theme);
  }, [theme]);

  useEffect(() => {
    for (const screen of allScreens()) screen.readAloud(readAloud);
  }, [readAloud]);

  return (
    <div className="terminal-pane">
      <div ref={stage} className="terminal-stage" />
      {terminal === undefined && !opening ? <NoTerminal problem={problem} hasHost={hasHost} /> : null}
      {searching && terminal !== undefined ? <TerminalSearch /> : null}
      {shown?.ended === undefined ? null : <EndedNote of={shown} />}
    </div>
  );
}
