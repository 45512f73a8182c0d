import { HOLDER_COLOURS } from '../../shared/view-model/display-list.ts';

/** The CSS colour of a holder; a number below 0 stands for none. */
export function holderColour(colour: number): string {
  return colour < 0 ? 'var(--holder-none)' : `var(--holder-${colour % HOLDER_COLOURS})`;
}
