import { useMemo } from 'react';
import { type EventColumn, eventColumns } from '../../shared/ipc/contract.ts';
import { useStore } from '../state/store.ts';

/** The columns that were chosen, in their order. */
export function useShownColumns(): readonly EventColumn[] {
  const chosen = useStore((state) => state.settings.eventColumns);
  return useMemo(() => eventColumns.filter((column) => chosen.includes(column)), [chosen]);
}
