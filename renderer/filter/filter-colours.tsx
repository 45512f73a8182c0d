import type { Filter } from '../../shared/filter/filter.ts';
import type { CssPixels } from '../../shared/units.ts';

/** The text of the filter again, in colours, behind the input's own, which is transparent. */
export function FilterColours({ filter, scrolled }: { readonly filter: Filter; readonly scrolled: CssPixels }) {
  return (
    <div className="filter-colours" aria-hidden>
      <span style={{ transform: `translateX(${-scrolled}px)` }}>
        {colourFilter(filter).map(({ from, text, kind, wrong }) => (
          <span key={from} className={`filter-${kind}${wrong ? ' filter-wrong' : ''}`}>
            {text}
          </span>
        ))}
      </span>
    </div>
  );
}

/** A stretch of one look. */
export interface ColouredPiece {
  readonly from: number;
  readonly text: string;
  readonly kind: Filter['tokens'][number]['kind'] | 'blank';
  readonly wrong: boolean;
}

/** Cuts the text wherever a token or a problem begins or ends; put together again the pieces are the text. */
export function colourFilter({ text, tokens, problems }: Filter): readonly ColouredPiece[] {
  const cuts = new Set([0, text.length]);
  for (const { from, to } of [...tokens, ...problems]) cuts.add(from).add(to);
  const places = [...cuts].sort((a, b) => a - b);
  return places.slice(0, -1).map((from, i) => {
    const covers = (stretch: { readonly from: number; readonly to: number }) =>
      stretch.from <= from && from < stretch.to;
    return {
      from,
      text: text.slice(from, places[i + 1]),
      kind: tokens.find(covers)?.kind ?? 'blank',
      wrong: problems.some(covers),
    };
  });
}
