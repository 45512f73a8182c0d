import { Archive } from 'lucide-react';
import { useState } from 'react';
import type { LeftCapture } from '../../shared/ipc/capture-contract.ts';
import { useStore } from '../state/store.ts';
import { PopUp } from '../widgets/pop-up.tsx';
import { writeBytes } from '../widgets/write-numbers.ts';
import { discardLeft, keepLeft } from './run-capture.ts';

/** The recordings that nobody has saved, behind a button. */
export function LeftMenu() {
  const left = useStore((state) => state.leftCaptures);
  return (
    <PopUp
      title="Recordings that nobody has saved"
      label={
        <>
          <Archive size={13} aria-hidden />
          Not saved: {left.length}
        </>
      }
    >
      {() => <LeftCaptures />}
    </PopUp>
  );
}

/** The same on the start screen; not there where nothing is left. */
export function LeftCard() {
  const left = useStore((state) => state.leftCaptures.length);
  if (left === 0) return null;
  return (
    <section className="start-card" aria-labelledby="left-title">
      <h2 id="left-title">Recordings that nobody has saved</h2>
      <LeftCaptures />
    </section>
  );
}

/** Recordings that a crash left, or that gave way to the next one: each can be looked at, and discarded. */
function LeftCaptures() {
  const left = useStore((state) => state.leftCaptures);
  return (
    <ul className="left-captures">
      {left.map((one) => (
        <LeftRow key={one.left} {...one} />
      ))}
    </ul>
  );
}

const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

function LeftRow({ left, bytes, begun }: LeftCapture) {
  const [asking, setAsking] = useState(false);
  const when = date.format(new Date(begun));
  return (
    <li className="left-capture">
      <span className="left-about">
        <strong>{when}</strong>
        <span className="quiet digits">{writeBytes(bytes)}</span>
      </span>
      {asking ? (
        <>
          {/* biome-ignore lint/a11y/noAutofocus: the question comes where the button was, and the safe answer is first */}
          <button type="button" className="button button-small" autoFocus onClick={() => setAsking(false)}>
            Keep it
          </button>
          <button type="button" className="button button-small button-danger" onClick={() => void discardLeft(left)}>
            Delete
          </button>
        </>
      ) : (
        <>
          <button
            type="button"
            className="button button-small"
            aria-label={`Show the recording of ${when}`}
            onClick={() => void keepLeft(left)}
          >
            Show
          </button>
          <button
            type="button"
            className="button button-small"
            aria-label={`Discard the recording of ${when}`}
            onClick={() => setAsking(true)}
          >
            Discard…
          </button>
        </>
      )}
    </li>
  );
}
