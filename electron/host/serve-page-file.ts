import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { pageHeaders } from './page-headers.ts';

/** A file of the built page, ready to be sent. */
export interface PageFile {
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

/** A path of the page is made of plain names: nothing hidden, nothing encoded, no way up. */
const pagePath = /^(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+$/;

/**
 * Reads a file of the page's folder by the path of a URL, as it stands there; everything else is 404, so that nobody
 * learns what exists beside the folder.
 */
export async function servePageFile(folder: string, urlPath: string): Promise<PageFile> {
  const path = urlPath === '/' ? '/index.html' : urlPath;
  if (!pagePath.test(path)) return notFound;
  try {
    const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    const mediaType = mediaTypes[extname(file)];
    if (!file.startsWith(root + sep) || mediaType === undefined) return notFound;
    return { status: 200, headers: { ...pageHeaders, 'content-type': mediaType }, body: await readFile(file) };
  } catch {
    // Missing, a folder, unreadable: all the same to a page that only asks for its own files.
    return notFound;
  }
}

const notFound: PageFile = {
  status: 404,
  headers: { ...pageHeaders, 'content-type': 'text/plain; charset=utf-8' },
  body: Buffer.from('not found\n'),
};
