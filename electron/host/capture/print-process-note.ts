import type { ProcessNote } from '../../../shared/event-table/process-note.ts';

/** The line of a recording that says who a process is; `shared/trace-text/read-process-note.ts` reads it. */
export function printProcessNote(note: Omit<ProcessNote, 'line'>): string {
  // Names are what processes chose: in ASCII none of them breaks its line, and none is lost.
  const json = JSON.stringify(note).replace(/[^\x20-\x7e]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `process: ${json}`;
}
