import { type CaptureRequest, captureEvents, captureLimits } from './capture-request.ts';

/** The codes of what is wrong with a request, as the helper itself would say it. */
export type RequestRefusal =
  | 'bad-events'
  | 'bad-flags'
  | 'bad-buffer'
  | 'too-many-names'
  | 'bad-name'
  | 'filter-too-long';

/** What a name adds to the filter beside itself: `name==""` and `||`. */
const filterPerName = 10;

/**
 * Says what is wrong with a request before anybody is asked for a password; undefined when the helper will take it.
 *
 * Source: read_start_request in electron/helper/start-request.c, check for check in the same order.
 */
export function checkCaptureRequest(request: CaptureRequest): RequestRefusal | undefined {
  const { events, bufferKiB, modules } = request;
  if (events.length === 0 || events.some((event) => !captureEvents.includes(event))) return 'bad-events';
  const { min, max } = captureLimits.bufferKiB;
  if (!Number.isInteger(bufferKiB) || bufferKiB < min || bufferKiB > max) return 'bad-buffer';
  if (modules.names.length > captureLimits.nameCount) return 'too-many-names';
  if (modules.which === 'except' && modules.names.length === 0) return 'bad-flags';
  if (modules.names.some((name) => !isModuleName(name))) return 'bad-name';
  const filterLength = modules.names.reduce((sum, name) => sum + name.length + filterPerName, 0);
  return filterLength > captureLimits.filterLength ? 'filter-too-long' : undefined;
}

/** Whether a text can be the name of a module; dashes stand for underscores. */
export function isModuleName(name: string): boolean {
  return /^[A-Za-z0-9_-]{1,55}$/.test(name);
}
