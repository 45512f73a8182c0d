import type { Session, WebContents } from 'electron';

/** The one thing a page may ask of the desktop: to put text on the clipboard after a click. */
const granted = 'clipboard-sanitized-write';

/** Refuses every permission but one, when asked for and when looked up, and every device. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide) => decide(permission === granted));
  session.setPermissionCheckHandler((_contents, permission) => permission === granted);
  session.setDevicePermissionHandler(() => false);
}

/** Refuses every way out of the page: links, redirects, new windows, frames, webviews. */
export function lockContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
