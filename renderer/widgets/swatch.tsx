import { holderColour } from '../theme/holder-colour.ts';

/** The colour of a holder, as its spans in the timeline have it. */
export function Swatch({ colour }: { readonly colour: number }) {
  return <span className="swatch" style={{ background: holderColour(colour) }} aria-hidden />;
}
