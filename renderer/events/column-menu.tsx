import { Columns3 } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { eventColumns } from '../../shared/ipc/contract.ts';
import { useStore } from '../state/store.ts';
import { columnFacts } from './event-columns.ts';
import { useShownColumns } from './use-shown-columns.ts';

/** Chooses the columns of the event list; what is chosen is remembered. One always stays. */
export function ColumnMenu() {
  const shown = useShownColumns();
  const changeSettings = useStore((state) => state.changeSettings);
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [place, setPlace] = useState<{ right: number; bottom?: number; top?: number }>({ right: 0 });
  const [isOpen, setOpen] = useState(false);

  /** On the side of the button where there is more room. */
  const putBeside = () => {
    const box = button.current?.getBoundingClientRect();
    if (box === undefined) return;
    const right = innerWidth - box.right;
    setPlace(box.top > innerHeight / 2 ? { right, bottom: innerHeight - box.top + 4 } : { right, top: box.bottom + 4 });
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button column-button"
        popoverTarget={id}
        aria-expanded={isOpen}
        title="Choose the columns"
      >
        <Columns3 size={14} aria-hidden />
        Columns
      </button>
      <fieldset
        id={id}
        popover="auto"
        className="column-menu"
        style={{ top: 'auto', bottom: 'auto', ...place }}
        onBeforeToggle={putBeside}
        onToggle={(event) => setOpen(event.newState === 'open')}
      >
        <legend>Columns</legend>
        {eventColumns.map((column) => {
          const isShown = shown.includes(column);
          const { head, note } = columnFacts[column];
          return (
            <label key={column} className="check" title={note === '' ? undefined : note}>
              <input
                type="checkbox"
                checked={isShown}
                disabled={isShown && shown.length === 1}
                onChange={() =>
                  changeSettings({
                    eventColumns: eventColumns.filter((one) => (one === column ? !isShown : shown.includes(one))),
                  })
                }
              />
              {head}
            </label>
          );
        })}
      </fieldset>
    </>
  );
}
