import { Rows3 } from 'lucide-react';
import { useStore } from '../state/store.ts';
import { PopUp } from '../widgets/pop-up.tsx';
import { visibleText } from '../widgets/visible-text.ts';
import { showTrack } from './arrange.ts';
import { useTrackList } from './use-track-list.ts';

/** Which tracks are shown and in what order. */
export function TracksMenu() {
  const { onlyHeld, grouped, order, pinned } = useStore((state) => state.tracks);
  const arrange = useStore((state) => state.arrangeTracks);
  const { hidden, notHeld } = useTrackList();
  const gone = hidden.length + notHeld;
  return (
    <PopUp
      title="Tracks"
      className={gone > 0 ? 'button button-small button-marked' : 'button button-small'}
      label={
        <>
          <Rows3 size={13} aria-hidden />
          {gone > 0 ? `${gone} hidden` : <span className="tracks-word">Tracks</span>}
        </>
      }
    >
      {() => (
        <>
          <label className="check">
            <input
              type="checkbox"
              checked={onlyHeld}
              onChange={(event) => arrange({ onlyHeld: event.target.checked })}
            />
            Only modules still held at the end
          </label>
          <label className="check">
            <input type="checkbox" checked={grouped} onChange={(event) => arrange({ grouped: event.target.checked })} />
            Users of a module beneath it
          </label>
          {hidden.length === 0 ? null : (
            <>
              <h3 className="pop-up-title">Hidden</h3>
              <ul className="hidden-tracks">
                {hidden.map((module) => (
                  <li key={module}>
                    <span className="ellipsis">{visibleText(module)}</span>
                    <button type="button" className="link-button" onClick={() => showTrack(module)}>
                      Show<span className="visually-hidden"> {visibleText(module)}</span>
                    </button>
                  </li>
                ))}
              </ul>
            </>
          )}
          <div className="pop-up-actions">
            {gone === 0 ? null : (
              <button type="button" className="button" onClick={() => arrange({ hidden: [], onlyHeld: false })}>
                Show all
              </button>
            )}
            {order.length === 0 && pinned.length === 0 ? null : (
              <button type="button" className="button" onClick={() => arrange({ order: [], pinned: [] })}>
                First order
              </button>
            )}
          </div>
          <p className="quiet pop-up-note">
            Drag a name to move its track, or press Alt with ↑ or ↓; <kbd className="kbd">h</kbd> hides,{' '}
            <kbd className="kbd">i</kbd> pins the selected one.
          </p>
        </>
      )}
    </PopUp>
  );
}
