import { SESSION_VERSION, type Session } from './session.ts';

/** Writes a session as the text of a `.modshark.json` file. */
export function printSession({ recording, view, filter, markers, notes, commands = [] }: Session): string {
  const { window, cursor, module, order, pinned, hidden, onlyHeld, grouped, buffer } = view;
  const file = {
    format: 'modshark-session',
    version: SESSION_VERSION,
    recording,
    view: { window, cursor, module, order, pinned, hidden, onlyHeld, grouped, buffer },
    filter,
    markers,
    notes,
    ...(commands.length === 0 ? {} : { commands }),
  };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}
