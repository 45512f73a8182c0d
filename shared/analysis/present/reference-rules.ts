import type { ReferenceRule } from './reference-rule.ts';
import { anonymousFileRules } from './rules/anonymous-files.ts';
import { blockDeviceRules } from './rules/block-devices.ts';
import { cryptoRules } from './rules/crypto.ts';
import { deviceFileRules } from './rules/device-files.ts';
import { firewallRules } from './rules/firewall.ts';
import { settingRules } from './rules/graphics-and-settings.ts';
import { linkRules } from './rules/links.ts';
import { mappingRules } from './rules/mappings.ts';
import { networkRules } from './rules/network.ts';
import { possibleRules } from './rules/possible-holders.ts';
import { bufferRules } from './rules/shared-buffers.ts';
import { socketRules } from './rules/sockets.ts';
import { superblockRules } from './rules/superblocks.ts';
import { trafficRules } from './rules/traffic-control.ts';
import { machineRules } from './rules/virtual-machines.ts';

/** The table of what raises a refcount, and by how much. A new kind is a new line in one of its files. */
export const referenceRules: readonly ReferenceRule[] = [
  ...linkRules,
  ...deviceFileRules,
  ...mappingRules,
  ...anonymousFileRules,
  ...machineRules,
  ...bufferRules,
  ...superblockRules,
  ...blockDeviceRules,
  ...socketRules,
  ...networkRules,
  ...firewallRules,
  ...trafficRules,
  ...cryptoRules,
  ...settingRules,
  ...possibleRules,
];
