import { grantedPath, grantHeader } from '../../shared/ipc/granted-bytes.ts';

/** The bytes did not come to their end; why, only the host can tell. */
export class GrantBroken extends Error {
  override name = 'GrantBroken';
}

/**
 * Fetches what the host granted to this page. In the worker, the bytes pass no other thread of the page.
 *
 * Errors: throws a GrantBroken.
 */
export async function* fetchGranted(grant: string): AsyncGenerator<Uint8Array> {
  const response = await fetch(grantedPath, {
    headers: { [grantHeader]: grant },
    mode: 'same-origin',
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'error',
  }).catch(breakOff);
  if (!response.ok || response.body === null) throw new GrantBroken(`The host answered ${response.status}.`);
  const reader = response.body.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(breakOff);
      ended = done;
      if (done) return;
      yield value;
    }
  } finally {
    if (!ended) await reader.cancel().catch(ignore);
  }
}

function breakOff(error: unknown): never {
  throw new GrantBroken(String(error));
}

function ignore(): void {}
