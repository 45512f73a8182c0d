import type { ComponentType } from 'react';
import { isInWorkspace } from '../state/present-slice.ts';
import type { LowerTabId, State } from '../state/store.ts';

/** What the region below can show. */
export interface LowerTab {
  readonly tab: LowerTabId;
  readonly text: string;
  /** Shows it, and is named so in the palette: `Show the events`. */
  readonly key: string;
  readonly command: string;
  /**
   * What it shows something of: an open recording; the recording or the system now, whichever the window speaks of; or
   * neither, so that it is there, and stays as it is, whatever is open.
   */
  readonly of: 'recording' | 'moment' | 'window';
  readonly Content: ComponentType;
  /** Beside its name. */
  readonly Note?: ComponentType;
  /** Beside the tabs. */
  readonly Choices?: ComponentType;
  /** At the far end of the head. */
  readonly Tools?: ComponentType;
}

/** Whether a tab has anything to show. */
export function isTabThere({ of }: LowerTab, state: State): boolean {
  if (of === 'recording') return state.recording !== undefined;
  return isInWorkspace(state);
}
