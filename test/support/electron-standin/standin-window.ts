import { EventEmitter } from 'node:events';
import type { BrowserContext, Page } from 'playwright-core';
import { toAppUrl, toPageUrl } from './standin-urls.ts';
import { StandinWebContents } from './standin-web-contents.ts';

export interface StandinWindowOptions {
  readonly width: number;
  readonly height: number;
  readonly webPreferences: { readonly preload: string } & Record<string, unknown>;
}

/** `BrowserWindow`: one page of Chromium. */
export class StandinWindow extends EventEmitter {
  readonly webContents: StandinWebContents;
  readonly options: StandinWindowOptions;
  /** The page, when the preload script is in place. */
  readonly opened: Promise<Page>;
  /** What the window manager made of the wanted size; a test may change it. */
  bounds: { width: number; height: number };
  shown = false;
  focused = 0;
  #maximized = false;
  #wanted = '';

  constructor(options: StandinWindowOptions, context: Promise<BrowserContext>, ipcMain: EventEmitter) {
    super();
    this.options = options;
    this.bounds = { width: options.width, height: options.height };
    this.webContents = new StandinWebContents(ipcMain);
    this.opened = this.#open(context);
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.opened;
    this.#wanted = toPageUrl(url);
    await page.goto(this.#wanted);
  }

  /** Whether a navigation may go on: what the page begins by itself is put to `will-navigate`. */
  #mayNavigate(url: string): boolean {
    const withoutFragment = (text: string) => text.split('#')[0];
    if (withoutFragment(url) === withoutFragment(this.#wanted)) return true;
    let prevented = false;
    const event = {
      url: toAppUrl(url),
      preventDefault: () => {
        prevented = true;
      },
    };
    this.webContents.emit('will-navigate', event, event.url);
    return !prevented;
  }

  async close(): Promise<void> {
    this.emit('close', { preventDefault: () => {} });
    const page = await this.opened;
    await page.close();
    this.webContents.emit('destroyed');
    this.emit('closed');
  }

  show(): void {
    this.shown = true;
  }
  focus(): void {
    this.focused += 1;
  }
  maximize(): void {
    this.#maximized = true;
  }
  isMaximized(): boolean {
    return this.#maximized;
  }
  isMinimized(): boolean {
    return false;
  }
  restore(): void {}
  getNormalBounds(): { width: number; height: number } {
    return this.bounds;
  }

  async #open(contextReady: Promise<BrowserContext>): Promise<Page> {
    const context = await contextReady;
    const page = await context.newPage();
    await this.webContents.attach(page, this.options.webPreferences.preload);
    await page.route('**/*', async (route, request) => {
      const own = request.isNavigationRequest() && request.frame() === page.mainFrame();
      if (own && !this.#mayNavigate(request.url())) await route.abort('aborted');
      else await route.fallback();
    });
    page.on('load', () => {
      if (!this.shown) this.emit('ready-to-show');
    });
    page.on('popup', (popup) => {
      const { action } = this.webContents.openHandler({ url: popup.url() });
      if (action === 'deny') void popup.close();
    });
    return page;
  }
}
