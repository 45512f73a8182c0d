import { accountForPresent } from '../../shared/analysis/present/account-for-present.ts';
import type { PresentAccounting } from '../../shared/analysis/present/present-accounting.ts';
import type { SystemSnapshot } from '../../shared/snapshot/system-snapshot.ts';

/** Of each module its sum in words: `vkms 1 = 1 file of systemd-logind`. */
export function tellPresent(snapshot: SystemSnapshot): string[] {
  return accountForPresent(snapshot).map(({ arithmetic }) => arithmetic);
}

/** The account of one module. */
export function accountOf(snapshot: SystemSnapshot, module: string): PresentAccounting {
  const found = accountForPresent(snapshot).find((accounting) => accounting.module === module);
  if (found === undefined) throw new Error(`${module} is not loaded in this snapshot`);
  return found;
}
