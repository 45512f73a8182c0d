import { existsSync } from 'node:fs';
import { installPackages } from './install-packages.mjs';

const shells = ['bash', 'zsh', 'fish'];

/** The shells whose commands become marks, for the tests; installed where that needs nobody's password. */
export function ensureShells() {
  const missing = () => shells.filter((shell) => !existsSync(`/usr/bin/${shell}`) && !existsSync(`/bin/${shell}`));
  if (missing().length === 0) return true;
  const byHand = installPackages(missing());
  if (missing().length === 0) return true;
  console.log(`Not tested here: ${missing().join(', ')}. Install: ${byHand}`);
  return false;
}
