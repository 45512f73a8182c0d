import { printSession } from '../../shared/session/print-session.ts';
import { nameFile, saveFile } from '../exports/save-file.ts';
import { beginWork } from '../state/activity.ts';
import { reportFault } from '../state/report-fault.ts';
import { useStore } from '../state/store.ts';
import { describeSession } from './describe-session.ts';
import { identifyRecording } from './identify-recording.ts';
import { SESSION_ENDING } from './is-session.ts';

/** Saves the investigation as a file that can be opened again. */
export async function saveSession(): Promise<void> {
  const state = useStore.getState();
  if (state.recording === undefined) return;
  const ended = beginWork();
  try {
    const session = describeSession(state, await identifyRecording(state.recording));
    const name = nameFile(session.recording.name, '', SESSION_ENDING.slice(1));
    saveFile(new Blob([printSession(session)], { type: 'application/json' }), name);
  } catch (fault) {
    reportFault(fault);
  } finally {
    ended();
  }
}
