/**
 * Chromium knows no `app:` scheme here, so `app://modshark/…` is shown to it as `https://modshark.app.standin/…`, and
 * shown to the main process as what it stands for.
 */
const suffix = '.app.standin';

export function toPageUrl(url: string): string {
  return url.replace(/^app:\/\/([^/]+)/, `https://$1${suffix}`);
}

export function toAppUrl(url: string): string {
  return url.replace(/^https:\/\/([^/]+)\.app\.standin/, 'app://$1');
}

export function isPageUrl(url: URL): boolean {
  return url.protocol === 'https:' && url.hostname.endsWith(suffix);
}
