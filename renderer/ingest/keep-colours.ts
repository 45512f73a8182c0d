import type { HoldHolder } from '../../shared/analysis/hold-table.ts';

/**
 * Gives holders the colours that they had before. Each analysis numbers them as it comes upon them, so that in a
 * recording that grows a new one would change the colours of many.
 */
export function createColourKeeper(): (holders: readonly HoldHolder[]) => void {
  const colours = new Map<string, number>();
  return (holders) => {
    for (const holder of holders as readonly { -readonly [Name in keyof HoldHolder]: HoldHolder[Name] }[]) {
      const key = `${holder.pid} ${holder.name}`;
      const colour = colours.get(key) ?? colours.size;
      colours.set(key, colour);
      holder.colour = colour;
    }
  };
}
