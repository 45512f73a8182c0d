import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { carryOverClientSocket } from '../../renderer/connect/open-socket-transport.ts';
import { readCapture } from '../../renderer/connect/read-offered-trace.ts';
import { defaultCaptureRequest } from '../../shared/ipc/capture-contract.ts';
import { createClient, type HostClient } from '../../shared/ipc/client.ts';
import type { Payload } from '../../shared/ipc/contract.ts';
import { socketProtocol, tokenProtocol } from '../../shared/ipc/socket-protocol.ts';
import { giveEachTestATree, line, traceOneLine } from './support/give-each-test-a-tree.ts';
import { answers, asOrdinaryUser, machine, rootHelpers } from './support/machine.ts';

const tree = giveEachTestATree();

interface Window {
  readonly client: HostClient;
  readonly ended: Promise<Payload<'capture.ended'>>;
  /** Ends `modshark serve` and gives its exit code. */
  close(): Promise<number | null>;
}

/** `modshark serve`, started by the ordinary user without a terminal, and the page's side of it. */
async function serveAsUser(): Promise<Window> {
  const node = join(machine.folder, 'node');
  const program = join(machine.folder, 'app/out/electron/serve-on-any-kernel.mjs');
  const child = spawn(node, [program], {
    ...asOrdinaryUser,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const address = await new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve));
  const [origin = '', token = ''] = address.split('/#token=');
  const socket = new WebSocket(origin.replace('http', 'ws'), [socketProtocol, tokenProtocol(token)], { origin });
  socket.binaryType = 'arraybuffer';
  await new Promise((resolve) => socket.once('open', resolve));
  const client = createClient(carryOverClientSocket(socket as never));
  return {
    client,
    ended: new Promise((resolve) => client.on('capture.ended', resolve)),
    close() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

const spooled = () => {
  const folder = join(machine.home, '.local/state/modshark/spool');
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
};

async function start(client: HostClient): Promise<number> {
  const preflight = await client.request('capture.preflight', null);
  expect(preflight.way).toBe('pkexec');
  expect(preflight.checks.filter(({ blocks }) => blocks)).toEqual([]);
  const started = await client.request('capture.start', defaultCaptureRequest);
  if (!started.ok) throw new Error(started.problem.why);
  return started.state.capture;
}

test('where a rule allows it, the window of an ordinary user records, follows and stops, never being root itself', async () => {
  answers('yes');
  const { client, ended, close } = await serveAsUser();
  const recording = new Promise<void>((resolve) => {
    client.on('capture.progress', ({ progress }) => {
      if (progress.state === 'recording') resolve();
    });
  });
  const capture = await start(client);
  await recording;
  traceOneLine(tree());
  const trace = await readCapture(client, capture);
  if (!trace.ok) throw new Error(trace.problem.why);
  let text = '';
  for await (const piece of trace.stream) {
    text += Buffer.from(piece).toString('latin1');
    if (text.includes(line)) void client.request('capture.stop', { capture });
  }
  expect(await ended).toMatchObject({ ended: { end: 'stopped', kept: true } });
  expect(text).toContain('# ended: stopped\n');
  expect(tree().instances()).toEqual([]);
  expect(await client.request('capture.discard', { capture })).toEqual({ ok: true });
  expect(await close()).toBe(0);
});

test('the end of the host ends the recording: nothing runs as root, tracefs is clean, and it is offered again', async () => {
  answers('yes');
  const { client, close } = await serveAsUser();
  const recording = new Promise<void>((resolve) => {
    client.on('capture.progress', ({ progress }) => {
      if (progress.state === 'recording') resolve();
    });
  });
  await start(client);
  await recording;
  expect(await close()).toBe(0);
  await expect.poll(rootHelpers, { timeout: 20_000 }).toEqual([]);
  expect(tree().instances()).toEqual([]);
  expect(spooled()).toEqual([expect.stringContaining('# ended: stopped\n')]);
  const again = await serveAsUser();
  expect(await again.client.request('capture.left', null)).toHaveLength(1);
  await again.close();
});

test.each([
  ['no', 'denied', 'a rule of this machine does not let you record'],
  ['ask', 'no-agent', 'this session has no polkit agent'],
] as const)('where polkit answers %s, the window is told %s, and nothing is kept', async (mode, end, why) => {
  answers(mode);
  const { client, ended, close } = await serveAsUser();
  await start(client);
  const told = await ended;
  expect(told.ended).toMatchObject({ end, kept: false });
  expect(told.ended.problem?.why).toContain(why);
  expect(await client.request('capture.running', null)).toBeNull();
  expect(await close()).toBe(0);
  expect(spooled()).toEqual([]);
});
