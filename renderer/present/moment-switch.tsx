import { useStore } from '../state/store.ts';

const CHOICES = [
  { moment: 'cursor', text: 'Cursor', title: 'Modules and holders at the cursor of the recording (Shift+L)' },
  { moment: 'now', text: 'Now', title: 'Modules and holders of this system, as it is now (l)' },
] as const;

/** Whether the regions speak of the cursor's time or of now; there where both can be had. */
export function MomentSwitch() {
  const moment = useStore((state) => state.moment);
  const both = useStore((state) => state.recording !== undefined && state.host !== undefined);
  if (!both) return null;
  return (
    <fieldset className="moment-switch">
      <legend className="visually-hidden">The modules and holders shown are those</legend>
      {CHOICES.map((choice) => (
        <label
          key={choice.moment}
          title={choice.title}
          className={choice.moment === moment ? 'moment-choice moment-chosen' : 'moment-choice'}
        >
          <input
            type="radio"
            name="moment"
            className="visually-hidden"
            checked={choice.moment === moment}
            onChange={() => useStore.getState().showMoment(choice.moment)}
          />
          {choice.text}
        </label>
      ))}
    </fieldset>
  );
}
