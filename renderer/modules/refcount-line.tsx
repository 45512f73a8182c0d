import type { RefcountChanges } from '../../shared/view-model/follow-refcounts.ts';

const WIDTH = 24;
const HEIGHT = 10;

/** How a refcount went since the first look, change by change, as a step line. */
export function RefcountLine({ changes }: { readonly changes: RefcountChanges | undefined }) {
  const values = changes?.values ?? [];
  if (values.length < 3) return null;
  const top = Math.max(...values, 1);
  const step = WIDTH / values.length;
  const y = (value: number) => HEIGHT - 1 - (value / top) * (HEIGHT - 2);
  const points = values.flatMap((value, i) => [`${i * step},${y(value)}`, `${(i + 1) * step},${y(value)}`]);
  return (
    <svg className="refcount-line" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <polyline points={points.join(' ')} />
    </svg>
  );
}
