import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type LaunchedStandin, launchStandin } from '../support/launch-standin.ts';
import {
  type LaunchedWindow,
  launchWindow,
  userEnvironment,
  waitForIdle,
  windowHosts,
} from '../support/launch-window.ts';
import { appRoot, vkmsRecording } from '../support/project-paths.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const held = 'vkms: 1 reference = 1 file of systemd-logind';
const testmod = join(appRoot, 'test/fixtures/recordings/seeds/testmod.trace.txt');

describe.each(windowHosts.filter((host) => host !== 'loopback'))('the desktop on %s', (host) => {
  let window: LaunchedWindow;
  beforeEach(async () => {
    window = await launchWindow({ host });
    onTestFinished(() => window.close());
  });

  const showsText = (text: string) => window.page.getByText(text).first().waitFor();

  test('the menu opens what its dialog answers', async () => {
    await window.desktop?.answerDialog(vkmsRecording);
    await window.desktop?.clickMenu('open');
    await showsText(held);
  });

  test('a dismissed dialog changes nothing', async () => {
    const before = await window.page.textContent('body');
    await window.desktop?.answerDialog(undefined);
    await window.desktop?.clickMenu('open');
    await waitForIdle(window.page);
    expect(await window.page.textContent('body')).toBe(before);
  });

  test('a second start opens its file in a window of its own, and the menu one without a file', async () => {
    const { page, desktop } = window;
    const before = await page.textContent('body');
    const another = async (open: Promise<void> | undefined) => {
      const [opened] = await Promise.all([page.context().waitForEvent('page'), open]);
      return opened;
    };
    const second = await another(desktop?.startAgain([vkmsRecording]));
    await second.getByText(held).first().waitFor();
    const third = await another(desktop?.startAgain([testmod]));
    await third.getByText('testmod').first().waitFor();
    const fourth = await another(desktop?.clickMenu('new-window'));
    await fourth.getByText('Who holds this kernel module?').waitFor();
    await waitForIdle(page);
    expect(await page.textContent('body')).toBe(before);
    expect(await second.textContent('body')).toContain('vkms');
  });

  test('the page cannot leave', async () => {
    const { page } = window;
    const address = page.url();
    await page.evaluate(() => {
      location.href = 'https://modshark.invalid/';
    });
    await page.evaluate(() => {
      const link = Object.assign(document.createElement('a'), {
        href: 'https://modshark.invalid/',
        textContent: 'away',
      });
      document.body.append(link);
      link.click();
    });
    expect(page.url()).toBe(address);
    await showsText('ModShark');
    window.forgiveProblems();
  });
});

describe('the main process over the stand-in', () => {
  let folder: string;
  let standin: LaunchedStandin;
  let running = false;

  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => close());

  async function launch(files: readonly string[] = []): Promise<void> {
    standin = await launchStandin({ host: 'standin', files }, userEnvironment(folder), () => {});
    running = true;
    await waitForIdle(standin.page);
  }
  async function close(): Promise<void> {
    if (running) await standin.close();
    running = false;
  }

  test('the window is sandboxed, isolated and without Node', async () => {
    await launch();
    expect(standin.electron.sandboxed()).toBe(true);
    expect(standin.electron.windows).toHaveLength(1);
    expect(standin.electron.windows[0]?.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
    });
    expect(standin.electron.windows[0]?.shown).toBe(true);
    expect(standin.complaints).toEqual([]);
  });

  test('a window that the page opens is refused', async () => {
    await launch();
    const opened = standin.page.waitForEvent('popup');
    await standin.page.evaluate(() => void globalThis.open('about:blank'));
    const popup = await opened;
    if (!popup.isClosed()) await popup.waitForEvent('close');
    expect(standin.page.context().pages()).toEqual([standin.page]);
  });

  test('every permission is denied but to put text on the clipboard', async () => {
    await launch();
    const { request, check, device } = standin.electron.permissions;
    const names = ['media', 'geolocation', 'notifications', 'clipboard-read', 'fileSystem', 'openExternal', 'usb'];
    for (const name of [...names, 'clipboard-sanitized-write']) {
      const granted = name === 'clipboard-sanitized-write';
      let decided: boolean | undefined;
      request?.({}, name, (answer) => {
        decided = answer;
      });
      expect([name, decided, check?.({}, name)]).toEqual([name, granted, granted]);
    }
    expect(device?.()).toBe(false);
  });

  test('a frame or a page of another origin gets no port, nor does an odd nonce', async () => {
    await launch();
    const { ipcMain, windows } = standin.electron;
    const contents = windows[0]?.webContents;
    const given: unknown[] = [];
    const sender = (url: string, parent: object | null = null) => ({
      sender: contents,
      senderFrame: { url, parent, postMessage: (...words: unknown[]) => given.push(words) },
    });
    const ask = (event: object, nonce: unknown = 'nonce') => ipcMain.emit('modshark.ask-for-port', event, nonce);
    ask(sender('https://modshark.invalid/'));
    ask(sender('app://elsewhere/index.html'));
    ask(sender('app://modshark/index.html', {}));
    ask({ ...sender('app://modshark/index.html'), sender: {} });
    ask({ sender: contents, senderFrame: null });
    ask(sender('app://modshark/index.html'), 7);
    expect(given).toEqual([]);
    ask(sender('app://modshark/index.html'));
    expect(given).toHaveLength(1);
  });

  test('the page is handed one port and nothing else', async () => {
    await launch();
    const answers = await standin.page.evaluate(async () => {
      const got: { ports: number; data: unknown }[] = [];
      const answered = new Promise<void>((resolve) => {
        window.addEventListener('message', ({ data, ports }) => {
          got.push({ ports: ports.length, data });
          if (ports.length > 0) resolve();
        });
      });
      window.postMessage({ kind: 'modshark.port-request', nonce: 'mine' }, location.origin);
      await answered;
      return got;
    });
    expect(answers).toEqual([
      { ports: 0, data: { kind: 'modshark.port-request', nonce: 'mine' } },
      { ports: 1, data: { kind: 'modshark.port-answer', nonce: 'mine' } },
    ]);
  });

  test('the size of the window is remembered', async () => {
    await launch();
    const [window] = standin.electron.windows;
    if (window) window.bounds = { width: 900, height: 700 };
    window?.maximize();
    await close();
    await launch();
    expect(standin.electron.windows[0]?.options).toMatchObject({ width: 900, height: 700 });
    expect(standin.electron.windows[0]?.isMaximized()).toBe(true);
  });

  test('a second start brings the window to the front', async () => {
    await launch();
    standin.electron.app.emit('second-instance', {}, [], '', { files: 'no list' });
    standin.electron.app.emit('second-instance', {}, [], '', undefined);
    expect(standin.electron.windows[0]?.focused).toBe(2);
  });
});
