import type { CssPixels } from '../../shared/units.ts';
import { fitText } from '../../shared/view-model/fit-text.ts';
import { measureText } from '../timeline/measure-text.ts';

/** An axis of names that leaves the bars at least half of the width. */
export function nameAxis(width: CssPixels) {
  return {
    width: Math.min(150, Math.floor(width * 0.45)),
    stroke: 'var(--border-strong)',
    tickLine: false,
    interval: 0,
  } as const;
}

interface RowNameProps {
  readonly width: CssPixels;
  /** Given by the chart. */
  readonly x?: number;
  readonly y?: number;
  readonly payload?: { readonly value: string };
}

/** The name of a row: one line, cut where it is too long, whole when pointed at. */
export function RowName({ width, x = 0, y = 0, payload }: RowNameProps) {
  const name = payload?.value ?? '';
  return (
    <text x={x - 4} y={y} dy="0.36em" textAnchor="end" fill="var(--text-2)" fontSize={11}>
      <title>{name}</title>
      {fitText(name, width - 20, 11, measureText)}
    </text>
  );
}
