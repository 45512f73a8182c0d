import { truncateSync } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHost, type Host } from '../../../electron/host/create-host.ts';
import { findAppFolders } from '../../../electron/host/find-app-folders.ts';
import { readOfferedTrace, TraceBroken } from '../../../renderer/connect/read-offered-trace.ts';
import { createClient, type HostClient } from '../../../shared/ipc/client.ts';
import { pairTransports } from '../../support/pair-transports.ts';
import { appRoot, vkmsRecording } from '../../support/project-paths.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const megabyte = 1024 * 1024;

interface Program {
  readonly host: Host;
  readonly client: HostClient;
  readonly complaints: string[];
  readonly folder: string;
}

/** A host with the files of a command line, and a page connected to it in memory. */
async function startProgram(files: readonly string[] = [], folder?: string): Promise<Program> {
  const home = folder ?? (await temporaryFolder());
  const complaints: string[] = [];
  const host = createHost({
    kind: 'loopback',
    app: findAppFolders(appRoot),
    user: { config: join(home, 'config'), state: join(home, 'state'), cache: join(home, 'cache') },
    files,
    complain: (message) => complaints.push(message),
  });
  const [page, server] = pairTransports();
  host.connect(server);
  onTestFinished(() => page.close());
  return { host, client: createClient(page), complaints, folder: home };
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

async function firstTicket(client: HostClient): Promise<string> {
  return (await client.request('trace.offered', null))[0]!.ticket;
}

/** Bytes that tell their place, so that a chunk lost or doubled is seen. */
function patterned(length: number): Buffer {
  const words = new Uint32Array(Math.ceil(length / 4)).map((_, index) => index);
  return Buffer.from(words.buffer, 0, length);
}

describe('a file on its way from the host to the page', () => {
  test('the file of the command line is offered first, then the samples, and none with a path to send', async () => {
    const { client } = await startProgram([vkmsRecording]);
    const offers = await client.request('trace.offered', null);
    expect(offers[0]).toMatchObject({ origin: 'command-line', name: 'vkms-held-by-logind.report.txt', bytes: 2307 });
    expect(offers.slice(1).every(({ origin }) => origin === 'sample')).toBe(true);
    expect(offers.length).toBeGreaterThan(1);
  });

  test('every sample can be read', async () => {
    const { client } = await startProgram();
    for (const { ticket, bytes } of await client.request('trace.offered', null)) {
      const opened = await readOfferedTrace(client, ticket);
      expect(opened.ok && (await readAll(opened.stream)).length).toBe(bytes);
    }
  });

  test.each([0, 1, megabyte - 1, megabyte, megabyte + 1, 20 * megabyte + 3])(
    '%i bytes arrive as they are',
    async (size) => {
      const path = join(await temporaryFolder(), 'trace.txt');
      const content = patterned(size);
      await writeFile(path, content);
      const { client } = await startProgram([path]);
      const opened = await readOfferedTrace(client, await firstTicket(client));
      if (!opened.ok) throw new Error(opened.problem.why);
      expect(opened.bytes).toBe(size);
      expect((await readAll(opened.stream)).equals(content)).toBe(true);
    },
  );

  test('the host never runs more than 8 MiB ahead of a page that does not read', async () => {
    const path = join(await temporaryFolder(), 'trace.txt');
    await writeFile(path, patterned(32 * megabyte));
    const { client } = await startProgram([path]);
    let sent = 0;
    let full = () => {};
    const windowFull = new Promise<void>((resolve) => {
      full = resolve;
    });
    client.on('trace.chunk', (_chunk, bytes) => {
      sent += bytes.length;
      if (sent >= 8 * megabyte) full();
    });
    const opened = await readOfferedTrace(client, await firstTicket(client));
    if (!opened.ok) throw new Error(opened.problem.why);
    await windowFull;
    for (let turn = 0; turn < 20; turn++) await client.request('host.describe', null);
    expect(sent).toBe(8 * megabyte);
    expect((await readAll(opened.stream)).length).toBe(32 * megabyte);
  });

  test('cancelling stops the host, and the next file is not mixed up with it', async () => {
    const path = join(await temporaryFolder(), 'trace.txt');
    await writeFile(path, patterned(32 * megabyte));
    const { client } = await startProgram([path]);
    const ticket = await firstTicket(client);
    for (let turn = 0; turn < 12; turn++) {
      const opened = await readOfferedTrace(client, ticket);
      if (!opened.ok) throw new Error(opened.problem.why);
      const reader = opened.stream.getReader();
      await reader.read();
      await reader.cancel();
    }
    const again = await readOfferedTrace(client, ticket);
    expect(again.ok && (await readAll(again.stream)).equals(patterned(32 * megabyte))).toBe(true);
  });

  test('two files can be read at the same time', async () => {
    const folder = await temporaryFolder();
    const contents = [patterned(3 * megabyte + 1), Buffer.alloc(5 * megabyte, 'x')];
    const paths = ['a', 'b'].map((name) => join(folder, name));
    await Promise.all(paths.map((path, index) => writeFile(path, contents[index]!)));
    const { client } = await startProgram(paths);
    const offers = await client.request('trace.offered', null);
    const read = await Promise.all(
      offers.slice(0, 2).map(async ({ ticket }) => {
        const opened = await readOfferedTrace(client, ticket);
        return opened.ok ? readAll(opened.stream) : Buffer.alloc(0);
      }),
    );
    expect(read.map((content, index) => content.equals(contents[index]!))).toEqual([true, true]);
  });

  test('a file that is missing is offered, and opening it says why it is not there', async () => {
    const { client, folder } = await startProgram(['/nowhere/at/all.txt']);
    const opened = await readOfferedTrace(client, await firstTicket(client));
    expect(opened.ok ? undefined : opened.problem).toMatchObject({
      what: '/nowhere/at/all.txt cannot be read.',
      why: 'There is no such file.',
    });
    expect((await (await startProgram([], folder)).client.request('trace.offered', null))[0]?.origin).toBe('sample');
  });

  test('a file that becomes shorter while it is read is never passed off as whole', async () => {
    const path = join(await temporaryFolder(), 'trace.txt');
    await writeFile(path, patterned(32 * megabyte));
    const { client } = await startProgram([path]);
    const opened = await readOfferedTrace(client, await firstTicket(client));
    if (!opened.ok) throw new Error(opened.problem.why);
    truncateSync(path, 10 * megabyte);
    const failure = await readAll(opened.stream).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TraceBroken);
    expect((failure as TraceBroken).problem.why).toBe('The file became shorter while it was read.');
  });

  test('a file that is removed while it is read is read to its end', async () => {
    const path = join(await temporaryFolder(), 'trace.txt');
    await writeFile(path, patterned(20 * megabyte));
    const { client } = await startProgram([path]);
    const opened = await readOfferedTrace(client, await firstTicket(client));
    if (!opened.ok) throw new Error(opened.problem.why);
    await rm(path);
    expect((await readAll(opened.stream)).length).toBe(20 * megabyte);
  });

  test('a connection that is lost ends the stream with the reason', async () => {
    const path = join(await temporaryFolder(), 'trace.txt');
    await writeFile(path, patterned(32 * megabyte));
    const { client } = await startProgram([path]);
    const opened = await readOfferedTrace(client, await firstTicket(client));
    if (!opened.ok) throw new Error(opened.problem.why);
    client.close();
    await expect(readAll(opened.stream)).rejects.toBeInstanceOf(TraceBroken);
  });

  test('a ticket that nobody issued opens nothing', async () => {
    const { client } = await startProgram([vkmsRecording]);
    const opened = await client.request('trace.open', { ticket: 'A'.repeat(22) });
    expect(opened).toMatchObject({ ok: false, problem: { why: 'It was offered by an earlier start of ModShark.' } });
  });

  test('a page that opens files without end is stopped', async () => {
    const path = join(await temporaryFolder(), 'trace.txt');
    await writeFile(path, patterned(16 * megabyte));
    const { client } = await startProgram([path]);
    const ticket = await firstTicket(client);
    const answers: boolean[] = [];
    for (let turn = 0; turn < 10; turn++) answers.push((await client.request('trace.open', { ticket })).ok);
    expect(answers).toEqual([...Array(8).fill(true), false, false]);
  });
});

describe('what the host remembers', () => {
  test('an opened file is offered as recent at the next start, a sample is not', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'mine.txt');
    await writeFile(path, 'hello');
    const { client } = await startProgram([path, vkmsRecording], folder);
    for (const { ticket } of (await client.request('trace.offered', null)).slice(0, 2)) {
      const opened = await readOfferedTrace(client, ticket);
      if (opened.ok) await readAll(opened.stream);
    }
    const later = await (await startProgram([], folder)).client.request('trace.offered', null);
    expect(later.filter(({ origin }) => origin === 'recent').map(({ name }) => name)).toEqual(['mine.txt']);
  });

  test('settings survive a restart, readable by their owner alone', async () => {
    const { client, folder } = await startProgram();
    const settings = { ...(await client.request('settings.read', null)), theme: 'dark' } as const;
    await client.request('settings.write', settings);
    expect(await (await startProgram([], folder)).client.request('settings.read', null)).toEqual(settings);
    expect((await stat(join(folder, 'config/settings.json'))).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['no JSON', '{"theme":'],
    ['another kind of JSON', '"dark"'],
    ['nothing', ''],
  ])('a settings file with %s in it costs the settings, not the start', async (_what, text) => {
    const { client, folder, complaints } = await startProgram();
    await mkdir(join(folder, 'config'));
    await writeFile(join(folder, 'config/settings.json'), text);
    expect(await client.request('settings.read', null)).toMatchObject({ theme: 'system' });
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toContain('settings.json');
  });

  test('one bad setting does not void the others', async () => {
    const { client, folder } = await startProgram();
    await mkdir(join(folder, 'config'));
    await writeFile(join(folder, 'config/settings.json'), '{"theme":"dark","panels":"wide","new":1}');
    const settings = await client.request('settings.read', null);
    expect(settings.theme).toBe('dark');
    expect(settings.panels.left).toBeGreaterThan(0);
  });

  test('a folder that cannot be written is complained of and otherwise borne', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'config'), 'a file where the folder should be');
    const { client, complaints } = await startProgram([], folder);
    await client.request('settings.write', await client.request('settings.read', null));
    expect(complaints.at(-1)).toContain('could not be written');
    expect(await readFile(join(folder, 'config'), 'utf8')).toContain('a file');
  });

  test('a second start hands its file to the window that is open', async () => {
    const { client, host } = await startProgram();
    const handed = new Promise<string>((resolve) => client.on('trace.handed', ({ offer }) => resolve(offer.ticket)));
    await host.hand(vkmsRecording, 'command-line');
    const opened = await readOfferedTrace(client, await handed);
    expect(opened.ok && opened.name).toBe('vkms-held-by-logind.report.txt');
  });
});
