import { closeSync, mkdirSync, openSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const MEGABYTE = 1 << 20;

/**
 * What is plugged into the guest beside what every machine has: on a USB bus a stick, a disc drive, a serial line and
 * a tablet; and three NVMe disks, one of which belongs to a subsystem that more paths may lead to. Nothing drives them until
 * a scenario loads a module.
 *
 * @param {string} folder where the disks are made anew
 * @returns {string[]} arguments of QEMU
 */
export function plugHardware(folder) {
  mkdirSync(folder, { recursive: true });
  const drive = (name, more = '') => ['-drive', `if=none,id=${name},format=raw,file=${join(folder, name)}${more}`];
  const device = (...words) => ['-device', words.join(',')];
  makeDisk(join(folder, 'stick'), 16);
  writeTable(join(folder, 'stick'), 16);
  for (const name of ['disc', 'nvme-a', 'nvme-b', 'nvme-c']) makeDisk(join(folder, name), 16);
  return [
    ...device('qemu-xhci', 'id=usb'),
    ...[...drive('stick'), ...device('usb-storage', 'bus=usb.0', 'drive=stick')],
    ...[...drive('disc', ',media=cdrom,readonly=on'), ...device('usb-storage', 'bus=usb.0', 'drive=disc')],
    ...['-chardev', 'null,id=line', ...device('usb-serial', 'bus=usb.0', 'chardev=line', 'always-plugged=on')],
    ...device('usb-tablet', 'bus=usb.0'),
    ...[...drive('nvme-a'), ...device('nvme', 'drive=nvme-a', 'serial=a')],
    ...[...drive('nvme-b'), ...device('nvme', 'drive=nvme-b', 'serial=b')],
    ...device('nvme-subsys', 'id=paths'),
    ...[...drive('nvme-c'), ...device('nvme', 'serial=c', 'subsys=paths')],
    ...device('nvme-ns', 'drive=nvme-c', 'shared=on'),
  ];
}

function makeDisk(path, megabytes) {
  closeSync(openSync(path, 'w'));
  truncateSync(path, megabytes * MEGABYTE);
}

/** One partition for FAT, from the first megabyte to the end, as sticks are sold. */
function writeTable(path, megabytes) {
  const sectors = (megabytes * MEGABYTE) / 512;
  const table = Buffer.alloc(512);
  table.writeUInt8(0x0e, 446 + 4);
  table.writeUInt32LE(2048, 446 + 8);
  table.writeUInt32LE(sectors - 2048, 446 + 12);
  table.writeUInt16LE(0xaa55, 510);
  const file = openSync(path, 'r+');
  writeSync(file, table);
  closeSync(file);
}
