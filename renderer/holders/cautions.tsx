import { TriangleAlert } from 'lucide-react';
import { visibleSentence } from '../widgets/visible-text.ts';
import { writeCount } from '../widgets/write-numbers.ts';

/** So many are shown at once; a recording with losses may have hundreds. */
const FEW = 2;

/** What weakens the answer. */
export function Cautions({ cautions }: { readonly cautions: readonly string[] }) {
  if (cautions.length <= FEW + 1) return <CautionList cautions={cautions} />;
  return (
    <>
      <CautionList cautions={cautions.slice(0, FEW)} />
      <details className="more-cautions">
        <summary>{writeCount(cautions.length - FEW)} more such remarks</summary>
        <CautionList cautions={cautions.slice(FEW)} />
      </details>
    </>
  );
}

function CautionList({ cautions }: { readonly cautions: readonly string[] }) {
  if (cautions.length === 0) return null;
  return (
    <ul className="cautions">
      {[...new Set(cautions)].map((caution) => (
        <li key={caution}>
          <TriangleAlert size={14} aria-hidden />
          {visibleSentence(caution)}
        </li>
      ))}
    </ul>
  );
}
