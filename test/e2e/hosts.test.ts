import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/launch-browser.ts';
import {
  type LaunchedWindow,
  launchWindow,
  userEnvironment,
  waitForIdle,
  windowHosts,
} from '../support/launch-window.ts';
import { vkmsRecording } from '../support/project-paths.ts';
import { startServe } from '../support/start-serve.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Defined in the page by the test that calls it. */
declare function appendTo(parent: 'head' | 'body', tag: string, fields: object): void;

describe.each(windowHosts)('the window on %s', (host) => {
  let window: LaunchedWindow;
  beforeAll(async () => {
    window = await launchWindow({ host, files: [vkmsRecording] });
  });
  afterAll(() => window.close());

  test('opens the file of the command line', async () => {
    expect(await window.page.textContent('body')).toContain('vkms: 1 reference = 1 file of systemd-logind');
  });

  test('finds its host again after a reload', async () => {
    await window.page.reload();
    await waitForIdle(window.page);
    expect(await window.page.textContent('body')).toContain('vkms: 1 reference = 1 file of systemd-logind');
  });

  test('the page sees neither Node nor Electron nor anything of the host', async () => {
    const seen = await window.page.evaluate(() => {
      const names = ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'];
      return names.filter((name) => name in globalThis);
    });
    expect(seen).toEqual([]);
  });

  test('no token stands in its address', () => {
    expect(window.page.url()).not.toContain('token');
  });

  test.each<[what: string, directive: string, attempt: () => unknown]>([
    // Later, by the page itself: what the test evaluates is exempt.
    ['code made of text', 'script-src', () => void setTimeout(() => new Function('return 1')())],
    [
      'a script in the page',
      'script-src-elem',
      () => appendTo('head', 'script', { textContent: 'globalThis.ran = 1' }),
    ],
    [
      'a script from elsewhere',
      'script-src-elem',
      () => appendTo('head', 'script', { src: 'https://modshark.invalid/' }),
    ],
    ['a style in the page', 'style-src-elem', () => appendTo('head', 'style', { textContent: 'body { color: red }' })],
    [
      'a style sheet from elsewhere',
      'style-src-elem',
      () => appendTo('head', 'link', { rel: 'stylesheet', href: 'https://modshark.invalid/x.css' }),
    ],
    ['a picture from elsewhere', 'img-src', () => appendTo('body', 'img', { src: 'https://modshark.invalid/x.png' })],
    ['a frame', 'frame-src', () => appendTo('body', 'iframe', { src: 'https://modshark.invalid/' })],
    ['a request elsewhere', 'connect-src', () => fetch('https://modshark.invalid/')],
    ['a socket elsewhere', 'connect-src', () => new WebSocket('wss://modshark.invalid/')],
    ['a worker made of text', 'worker-src', () => new Worker(URL.createObjectURL(new Blob(['postMessage(1)'])))],
    ['another base of addresses', 'base-uri', () => appendTo('head', 'base', { href: 'https://modshark.invalid/' })],
  ])('the content policy refuses %s', async (_what, directive, attempt) => {
    await window.page.evaluate(() => {
      const test = globalThis as unknown as { appendTo: unknown; violation: unknown };
      test.appendTo = (parent: 'head' | 'body', tag: string, fields: object) =>
        document[parent].append(Object.assign(document.createElement(tag), fields));
      test.violation = new Promise((resolve) => {
        const refused = ({ effectiveDirective }: SecurityPolicyViolationEvent) => resolve(effectiveDirective);
        document.addEventListener('securitypolicyviolation', refused, { once: true });
      });
    });
    // What is refused may also throw; what counts is that the browser named the rule.
    await window.page.evaluate(attempt).catch(() => {});
    expect(await window.page.evaluate(() => (globalThis as unknown as { violation: Promise<string> }).violation)).toBe(
      directive,
    );
    expect(window.forgiveProblems().length).toBeGreaterThan(0);
  });

  test.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2f..%2fpackage.json',
    '/assets/../../electron/main.cjs',
    '//etc/passwd',
  ])('the path %s leads to no file', async (path) => {
    const answer = await window.page.evaluate(async (asked) => {
      const response = await fetch(location.origin + asked);
      return [response.status, await response.text()];
    }, path);
    expect(answer).toEqual([404, 'not found\n']);
    window.forgiveProblems();
  });
});

describe.each(windowHosts)('a large recording on %s', (host) => {
  test('arrives whole', async () => {
    const path = join(await temporaryFolder(), 'large.txt');
    const events = Array.from({ length: 100_000 }, (_, index) => {
      const [event, refcount] = index % 2 === 0 ? ['get', 2] : ['put', 1];
      const time = (100 + index / 1e6).toFixed(6);
      return `  cat-${1000 + (index % 500)}  [001] ..... ${time}: module_${event}: tun call_site=tun_chr_open refcnt=${refcount}\n`;
    });
    await writeFile(path, events);
    const window = await launchWindow({ host, files: [path] });
    expect(await window.page.textContent('body')).toContain('100,000 events');
    await window.close();
  });
});

describe('the page of the loopback server', () => {
  test('with a wrong token it says that the address is of an earlier start, and still opens', async () => {
    const served = await startServe([], userEnvironment(await temporaryFolder()));
    const { browser, context } = await launchBrowser({ host: 'loopback' });
    const page = await context.newPage();
    await page.goto(served.address.replace(/token=.*/, 'token=wrong'));
    await waitForIdle(page);
    expect(await page.textContent('body')).toContain('this address belongs to an earlier start');
    await browser.close();
    await served.stop();
  });

  test('a second window says that there is one already; a shared host takes both', async () => {
    const env = userEnvironment(await temporaryFolder());
    const { browser, context } = await launchBrowser({ host: 'loopback' });
    for (const [argv, expected] of [
      [[], true],
      [['--shared'], false],
    ] as const) {
      const served = await startServe(argv, env);
      const pages = [await context.newPage(), await context.newPage()] as const;
      for (const page of pages) {
        await page.goto(served.address);
        await waitForIdle(page);
      }
      expect((await pages[1].textContent('body'))?.includes('Another window is connected')).toBe(expected);
      await served.stop();
    }
    await browser.close();
  });

  test('when the host ends, the page says so and keeps what it has', async () => {
    const served = await startServe([vkmsRecording], userEnvironment(await temporaryFolder()));
    const { browser, context } = await launchBrowser({ host: 'loopback' });
    const page = await context.newPage();
    await page.goto(served.address);
    await waitForIdle(page);
    expect(await served.stop()).toBe(0);
    await page.getByText('The connection to ModShark’s host was lost.').waitFor();
    expect(await page.textContent('body')).toContain('systemd-logind');
    await browser.close();
  });
});
