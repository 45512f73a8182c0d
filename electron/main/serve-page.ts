import type { Protocol } from 'electron';
import { servePageFile } from '../host/serve-page-file.ts';

/** The page has an origin of its own, `app://modshark`; `file:` has none worth the name. */
export const pageScheme = 'app';
export const pageHost = 'modshark';

/** Serves the built page's folder, and nothing beside it, as `app://modshark/`. */
export function servePage(protocol: Protocol, folder: string): void {
  protocol.handle(pageScheme, async (request) => {
    const { host, pathname } = new URL(request.url);
    const asked = host === pageHost && request.method === 'GET' ? pathname : '';
    const { status, headers, body } = await servePageFile(folder, asked);
    return new Response(new Uint8Array(body), { status, headers });
  });
}
