import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { grantHeader } from '../../shared/ipc/granted-bytes.ts';
import type { GrantBook } from '../host/create-grant-book.ts';
import { pageHeaders } from '../host/page-headers.ts';

/**
 * Whether a request for granted bytes is one that the page's own scripts make.
 *
 * The grant is in a header of its own name, which a page of another origin may send only after asking, and asking
 * (OPTIONS) is refused. What a browser says of itself has to agree: a link, a picture or another site says otherwise.
 *
 * Source: Fetch Metadata Request Headers, section 2.3 and 2.1
 */
export function asksForGranted(request: IncomingMessage): boolean {
  return (
    request.method === 'GET' &&
    request.headers['sec-fetch-site'] === 'same-origin' &&
    request.headers['sec-fetch-dest'] === 'empty'
  );
}

/** Sends what a request has the grant for; false, with nothing sent, where it has none. */
export async function sendGranted(
  request: IncomingMessage,
  response: ServerResponse,
  grants: GrantBook,
): Promise<boolean> {
  const secret = request.headers[grantHeader];
  const granted = typeof secret === 'string' ? grants.redeem(secret) : undefined;
  if (granted === undefined) return false;
  response.writeHead(200, {
    ...pageHeaders,
    'content-type': 'application/octet-stream',
    'cache-control': 'no-store',
  });
  // Where reading fails the connection is cut, so that nobody takes a part for the whole; why, the page is told in a frame.
  await pipeline(Readable.from(granted.read(), { objectMode: true, highWaterMark: 1 }), response).catch(ignore);
  return true;
}

function ignore(): void {}
