import { Monitor, Moon, Sun } from 'lucide-react';
import { useStore } from '../state/store.ts';
import { Choice } from '../widgets/choice.tsx';

const CHOICES = [
  { value: 'light', text: 'Light', title: 'Light', icon: Sun },
  { value: 'system', text: 'As the system', title: 'As the system', icon: Monitor },
  { value: 'dark', text: 'Dark', title: 'Dark', icon: Moon },
] as const;

/** Light, dark, or as the system is. */
export function ThemeSwitch() {
  const chosen = useStore((state) => state.settings.theme);
  const { changeSettings } = useStore.getState();
  return (
    <Choice
      name="Colours"
      hidesName
      options={CHOICES}
      chosen={chosen}
      onChoose={(theme) => changeSettings({ theme })}
    />
  );
}
