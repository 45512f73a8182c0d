import { expect, it } from 'vitest';
import { accountForPresent } from '../../../shared/analysis/present/account-for-present.ts';
import { device, loaded, makeSnapshot, opened, running } from '../../support/make-snapshot.ts';

const many = 6_000;
const buffers = Array.from({ length: many }, (_, n) => {
  const inode = String(n + 1).padStart(8, '0');
  return `00004096\t00000002\t00080007\t00000002\tdrm\t${inode}\t<none>\n\tAttached Devices:\n\t0000:00:02.0\n`;
});

it('thousands of buffers, and of programs that draw, are no work to speak of', () => {
  const snapshot = makeSnapshot({
    modules: [loaded(`bochs ${2 * many}`)],
    processes: Array.from({ length: many }, (_, n) => running(`${100 + n} draw`)),
    devices: [device('c226:0 drm dri/card0', { driverModule: 'bochs' })],
    openFiles: Array.from({ length: many }, (_, n) => opened(`${100 + n}/3 c226:0 /dev/dri/card0`)),
    texts: { '/sys/kernel/debug/dma_buf/bufinfo': buffers.join('') },
  });
  const [accounting] = accountForPresent(snapshot);
  expect(accounting).toMatchObject({ refcount: 2 * many, unexplained: 0 });
}, 5_000);
