import type { SnapshotRefusal, SnapshotWay } from '../../shared/ipc/snapshot-contract.ts';
import type { Problem } from '../../shared/problem.ts';
import type { RefcountChanges } from '../../shared/view-model/follow-refcounts.ts';
import type { PresentOverview, PresentView } from '../../shared/view-model/present-view.ts';

/** Which time the modules, the holders and the graph speak of: that of the cursor in the recording, or now. */
export type Moment = 'cursor' | 'now';

/** The view of the running system as the window sees it: the same questions, answered later, by a worker. */
export type PresentEngine = {
  readonly [Name in keyof PresentView]: (
    ...input: Parameters<PresentView[Name]>
  ) => Promise<ReturnType<PresentView[Name]>>;
};

/** The running system as it was looked at last. */
export interface PresentSystem {
  readonly engine: PresentEngine;
  /** Tells one look from the next, in the keys of what was asked. */
  readonly look: number;
  readonly overview: PresentOverview;
  /** By module, since this page first looked, and when that was. */
  readonly changes: ReadonlyMap<string, RefcountChanges>;
  readonly since: number;
  /** When the window looked, in milliseconds of its own clock. */
  readonly seen: number;
  /** The recording beside it is of this system and is part of the answers. */
  readonly merged: boolean;
}

/** Somebody tried to unload a module in a terminal of this window, and it did not go. */
export interface FailedUnload {
  readonly module: string;
  /** As it was typed. */
  readonly line: string;
  readonly exitCode: number;
  /** In milliseconds of the window's own clock. */
  readonly at: number;
}

/** The running system, with or without a recording beside it. */
export interface PresentSlice {
  /** The workspace is there for this system, whether a recording is open or not. */
  readonly presentOpen: boolean;
  readonly moment: Moment;
  /** Undefined before the first look. */
  readonly present: PresentSystem | undefined;
  /** As whom it is looked at; root once that was allowed. */
  readonly presentWay: SnapshotWay;
  /** As whom somebody asked to look, until the answer is there. */
  readonly looking: SnapshotWay | undefined;
  /** Why the last look told nothing; what was seen before stays. */
  readonly lookProblem: Problem | undefined;
  /** Undefined where none failed since the last that did not. */
  readonly failedUnload: FailedUnload | undefined;
  /** What came of asking to look as root, where it was refused. */
  readonly rootRefusal: SnapshotRefusal | undefined;
  /** Text that waits for the terminal to take it into its line; nothing runs by that. */
  readonly terminalInsert: string | undefined;
  /** Shows the workspace as the system is now; a recording that is open stays open. */
  showPresent(): void;
  /** Has the regions speak of the cursor's time or of now. */
  showMoment(moment: Moment): void;
  /** Puts a text into the terminal's line, shows the terminal, and leaves the rest to the person. */
  insertIntoTerminal(text: string): void;
  /** The text that waits, once: for the terminal alone. */
  takeTerminalInsert(): string | undefined;
}

interface Around extends PresentSlice {
  readonly recording: object | undefined;
  showTab(tab: 'terminal'): void;
}

export function createPresentSlice(
  set: (change: Partial<Pick<PresentSlice, 'presentOpen' | 'moment' | 'terminalInsert'>>) => void,
  get: () => Around,
): PresentSlice {
  return {
    presentOpen: false,
    moment: 'cursor',
    present: undefined,
    presentWay: 'user',
    looking: undefined,
    lookProblem: undefined,
    failedUnload: undefined,
    rootRefusal: undefined,
    terminalInsert: undefined,
    showPresent: () => set({ presentOpen: true, moment: 'now' }),
    showMoment: (moment) => {
      if (moment === 'now') get().showPresent();
      else if (get().recording !== undefined) set({ moment });
    },
    insertIntoTerminal: (text) => {
      set({ terminalInsert: text });
      get().showTab('terminal');
    },
    takeTerminalInsert: () => {
      const { terminalInsert } = get();
      if (terminalInsert !== undefined) set({ terminalInsert: undefined });
      return terminalInsert;
    },
  };
}

/** Whether the window shows the workspace, and not the start screen. */
export function isInWorkspace({ recording, presentOpen }: Pick<Around, 'recording' | 'presentOpen'>): boolean {
  return recording !== undefined || presentOpen;
}
