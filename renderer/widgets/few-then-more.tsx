import type { ReactNode } from 'react';
import { writeCount } from './write-numbers.ts';

interface FewThenMoreProps<Item> {
  readonly items: readonly Item[];
  readonly render: (some: readonly Item[]) => ReactNode;
}

/** So many are seen at once; a forking server may have hundreds. */
const FEW = 4;
const MOST = 200;

/** The first of a list, and the rest where somebody asks for it. */
export function FewThenMore<Item>({ items, render }: FewThenMoreProps<Item>) {
  if (items.length <= FEW + 1) return render(items);
  return (
    <>
      {render(items.slice(0, FEW))}
      <details>
        <summary>{writeCount(items.length - FEW)} more</summary>
        {render(items.slice(FEW, MOST))}
        {items.length > MOST ? <p className="quiet">and {writeCount(items.length - MOST)} more</p> : null}
      </details>
    </>
  );
}
