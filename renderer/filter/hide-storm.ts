import type { Storm } from '../../shared/filter/find-storms.ts';

/** Writes what hides a storm behind a filter. */
export function hideStorm(text: string, { filter }: Storm): string {
  return text.trim() === '' ? filter : `${text.trimEnd()} ${filter}`;
}

/** Where what hides a storm stands in a filter, as words of their own; −1 where it does not. */
function placeOf(text: string, { filter }: Storm): number {
  return ` ${text} `.replace(/\s/g, ' ').indexOf(` ${filter} `);
}

/** Whether the filter has what hides this storm. */
export function isHidden(text: string, storm: Storm): boolean {
  return placeOf(text, storm) >= 0;
}

/** Takes back what `hideStorm` wrote, wherever it stands by now; the rest of the filter stays. */
export function showStorm(text: string, storm: Storm): string {
  const place = placeOf(text, storm);
  if (place < 0) return text;
  return [text.slice(0, place).trimEnd(), text.slice(place + storm.filter.length).trimStart()]
    .filter((part) => part !== '')
    .join(' ');
}

/** Every program that is started comes by here. Source: fs/exec.c; the function it was inlined into since Linux 5.13 */
const EXEC = new Set(['search_binary_handler', 'bprm_execve', 'exec_binprm']);

/** `binfmt_misc at every exec`, else `tun via misc_open`. */
export function nameStorm({ module, callSite }: Pick<Storm, 'module' | 'callSite'>): string {
  return `${module} ${EXEC.has(callSite) ? 'at every exec' : `via ${callSite}`}`;
}
