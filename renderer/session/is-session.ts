export const SESSION_ENDING = '.modshark.json';

/** Whether a file of this name is an investigation, not a recording. */
export function isSession(name: string): boolean {
  return name.toLowerCase().endsWith(SESSION_ENDING);
}
