import { SESSION_VERSION, type Session } from './session.ts';

/** Writes a session as the text of a `.modshark.json` file. */
export function printSession({ recording, view, filter, markers, notes }: Session): string {
  const { window, cursor, module, order, pinned, hidden, onlyHeld, grouped } = view;
  const file = {
    format: 'modshark-session',
    version: SESSION_VERSION,
    recording,
    view: { window, cursor, module, order, pinned, hidden, onlyHeld, grouped },
    filter,
    markers,
    notes,
  };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}
