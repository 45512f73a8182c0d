import type { Change, RangeStatistics } from '../../shared/statistics/statistics.ts';
import { visibleText } from '../widgets/visible-text.ts';

/** The statistics with every name that a stranger chose written so that it can be shown. */
export function makeStatisticsVisible(statistics: RangeStatistics): RangeStatistics {
  const callSites = statistics.callSites.map((site) => ({ ...site, callSite: visibleText(site.callSite) }));
  return { ...statistics, callSites, holders: statistics.holders.map(showLabel) };
}

/** The same for a change. */
export function makeChangeVisible(change: Change): Change {
  return { ...change, modules: change.modules.map(showLabel), holders: change.holders.map(showLabel) };
}

function showLabel<Item extends { readonly label: string }>(item: Item): Item {
  return { ...item, label: visibleText(item.label) };
}
