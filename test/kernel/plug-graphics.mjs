/**
 * Graphics cards for the guest, one of which is to be given to a virtual machine: with its sound beside it, as functions of
 * one device are, and behind an IOMMU. Nothing drives them until a scenario loads a module.
 *
 * @returns {string[]} arguments of QEMU
 */
export function plugGraphics() {
  const device = (...words) => ['-device', words.join(',')];
  return [
    // Before the devices whose memory it maps; remapped interrupts of a timer do not come in software emulation.
    ...device('intel-iommu', 'intremap=off', 'snoop-control=on'),
    ...device('bochs-display', 'addr=0x10', 'multifunction=on'),
    ...device('intel-hda', 'addr=0x10.1', 'id=sound'),
    ...['-audiodev', 'none,id=nowhere'],
    ...device('hda-duplex', 'bus=sound.0', 'audiodev=nowhere'),
    ...device('virtio-gpu-pci', 'addr=0x11'),
  ];
}
