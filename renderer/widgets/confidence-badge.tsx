import type { ConfidenceName } from '../../shared/analysis/hold-table.ts';

const LEVELS: Readonly<Record<ConfidenceName, number>> = { low: 1, medium: 2, high: 3, certain: 4 };

/** How sure a claim is, as a word and as four bars. */
export function ConfidenceBadge({ confidence }: { readonly confidence: ConfidenceName }) {
  const level = LEVELS[confidence];
  return (
    <span className={`confidence confidence-${confidence}`} title={`Confidence: ${confidence}`}>
      <svg width="13" height="11" viewBox="0 0 13 11" aria-hidden="true">
        {[1, 2, 3, 4].map((bar) => (
          <rect
            key={bar}
            x={(bar - 1) * 3.4}
            y={11 - bar * 2.6}
            width="2.4"
            height={bar * 2.6}
            rx="0.6"
            opacity={bar <= level ? 1 : 0.25}
          />
        ))}
      </svg>
      <span className="visually-hidden">confidence </span>
      {confidence}
    </span>
  );
}
