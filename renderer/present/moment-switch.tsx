import { useStore } from '../state/store.ts';
import { Choice } from '../widgets/choice.tsx';

const CHOICES = [
  { value: 'cursor', text: 'Cursor', title: 'Modules and holders at the cursor of the recording (Shift+L)' },
  { value: 'now', text: 'Now', title: 'Modules and holders of this system, as it is now (l)' },
] as const;

/** Whether the regions speak of the cursor's time or of now; there where both can be had. */
export function MomentSwitch() {
  const moment = useStore((state) => state.moment);
  const both = useStore((state) => state.recording !== undefined && state.host !== undefined);
  const { showMoment } = useStore.getState();
  if (!both) return null;
  return (
    <Choice
      name="The modules and holders shown are those"
      hidesName
      options={CHOICES}
      chosen={moment}
      onChoose={showMoment}
    />
  );
}
