import { useStore } from '../state/store.ts';

/** Narrows events and statistics to the selected module. */
export function OnlySelected() {
  const onlySelected = useStore((state) => state.onlySelected);
  const showOnlySelected = useStore((state) => state.showOnlySelected);
  return (
    <label className="check">
      <input type="checkbox" checked={onlySelected} onChange={(event) => showOnlySelected(event.target.checked)} />
      Selected module only
    </label>
  );
}
