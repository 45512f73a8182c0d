import type { Session } from '../../shared/session/session.ts';
import type { State } from '../state/store.ts';
import { recordedCommands } from '../terminal/recorded-commands.ts';
import type { RecordingIdentity } from './identify-recording.ts';

/** What of the window a session keeps. */
export type SessionState = Pick<
  State,
  | 'recording'
  | 'window'
  | 'cursor'
  | 'module'
  | 'tracks'
  | 'filterText'
  | 'markers'
  | 'notes'
  | 'commands'
  | 'keptCommands'
  | 'boot'
>;

/** What a session file keeps of the window. */
export function describeSession(state: SessionState, { path, sha256 }: RecordingIdentity): Session {
  const { recording, window, cursor, module, tracks, filterText, markers, notes } = state;
  const { buffers = [], buffer } = recording?.summary ?? {};
  const { order, pinned, hidden, onlyHeld, grouped } = tracks;
  return {
    recording: { name: recording?.summary.name ?? '', path, sha256 },
    view: {
      window,
      cursor,
      module,
      order,
      pinned,
      hidden,
      onlyHeld,
      grouped,
      ...(buffers.length > 1 ? { buffer } : {}),
    },
    filter: filterText,
    markers: { a: markers.a, b: markers.b },
    notes: notes.map(({ time, text }) => ({ time, text })),
    commands: recordedCommands(state).map(({ from, until, line, exitCode }) => ({
      from,
      ...(until > from && until < Number.POSITIVE_INFINITY ? { until } : {}),
      line,
      ...(exitCode === undefined ? {} : { exitCode }),
    })),
  };
}
