import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { findPeerUser, userInTables } from '../../../electron/loopback/find-peer-user.ts';

async function listen(onPeer: (peer: Socket) => void): Promise<number> {
  const server = createServer((socket) => onPeer(socket)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

test('the other end of a connection is known by its user', async () => {
  let found = (_peer: Socket) => {};
  const peer = new Promise<Socket>((resolve) => {
    found = resolve;
  });
  const port = await listen((socket) => found(socket));
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  expect(await findPeerUser(await peer, port)).toBe(process.getuid?.());
});

test('a connection that does not exist belongs to nobody', async () => {
  const port = await listen(() => {});
  const held = connect(port, '127.0.0.1');
  onTestFinished(() => void held.destroy());
  await new Promise((resolve) => held.once('connect', resolve));
  expect(await findPeerUser({ remoteAddress: '127.0.0.1', remotePort: 1 }, port)).toBe('none');
});

test('who calls from another loopback address, with the port of one’s own connection, is not taken for oneself', async () => {
  const peers: Socket[] = [];
  let complete = () => {};
  const both = new Promise<void>((resolve) => {
    complete = resolve;
  });
  const port = await listen((socket) => {
    if (peers.push(socket) === 2) complete();
  });
  const mine = connect(port, '127.0.0.1');
  onTestFinished(() => void mine.destroy());
  await new Promise((resolve) => mine.once('connect', resolve));
  const stranger = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2', localPort: mine.localPort! });
  onTestFinished(() => void stranger.destroy());
  await both;
  const users = await Promise.all(
    ['127.0.0.1', '127.0.0.2'].map((address) =>
      findPeerUser(peers.find(({ remoteAddress }) => remoteAddress === address)!, port),
    ),
  );
  expect(users).toEqual([process.getuid?.(), 'none']);
});

test('a connection that somebody has closed is not root’s, though the kernel says so', () => {
  const closed = ['04', '05', '06'].map(
    (state, i) =>
      `   ${i}: 0100007F:C001 0100007F:1F90 ${state} 00000000:00000000 03:00000E6E 00000000     0        0 0 3 0\n`,
  );
  expect(userInTables([`head\n${closed.join('')}`], 0xc001, 0x1f90)).toBe('none');
});

test('another user’s connection is told from one’s own, over IPv4 and over mapped IPv6', () => {
  // Ports 0xC001 → 0x1F90; the listening row and the server's own end come first.
  const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 0 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 12 1 0 20 4 30 10 -1
   2: 0200000A:C001 0300000A:1F90 01 00000000:00000000 00:00000000 00000000    77        0 13 1 0 20 4 30 10 -1
   3: 0100007F:C001 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 14 1 0 20 4 30 10 -1
`;
  const tcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0000000000000000FFFF00000100007F:C002 0000000000000000FFFF00000100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 15 1 0 20 4 30 10 -1
`;
  expect(userInTables([tcp, tcp6], 0xc001, 0x1f90)).toBe(1000);
  expect(userInTables([tcp, tcp6], 0xc002, 0x1f90)).toBe(1001);
  expect(userInTables([tcp, tcp6], 0xc003, 0x1f90)).toBe('none');
  expect(userInTables(['', ''], 0xc001, 0x1f90)).toBe('unknown');
});
