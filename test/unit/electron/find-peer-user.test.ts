import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { findPeerUser, userInTables } from '../../../electron/loopback/find-peer-user.ts';

async function listen(onPeer: (port: number) => void): Promise<number> {
  const server = createServer((socket) => onPeer(socket.remotePort ?? 0)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

test('the other end of a connection is known by its user', async () => {
  let found = (_port: number) => {};
  const peer = new Promise<number>((resolve) => {
    found = resolve;
  });
  const port = await listen((peerPort) => found(peerPort));
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  expect(await findPeerUser(await peer, port)).toBe(process.getuid?.());
});

test('a connection that does not exist belongs to nobody', async () => {
  const port = await listen(() => {});
  const held = connect(port, '127.0.0.1');
  onTestFinished(() => void held.destroy());
  await new Promise((resolve) => held.once('connect', resolve));
  expect(await findPeerUser(1, port)).toBe('none');
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
