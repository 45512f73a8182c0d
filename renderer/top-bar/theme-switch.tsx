import { Monitor, Moon, Sun } from 'lucide-react';
import { useStore } from '../state/store.ts';

const CHOICES = [
  { theme: 'light', name: 'Light', icon: Sun },
  { theme: 'system', name: 'As the system', icon: Monitor },
  { theme: 'dark', name: 'Dark', icon: Moon },
] as const;

/** Light, dark, or as the system is. */
export function ThemeSwitch() {
  const chosen = useStore((state) => state.settings.theme);
  const changeSettings = useStore((state) => state.changeSettings);
  return (
    <fieldset className="theme-switch">
      <legend className="visually-hidden">Colours</legend>
      {CHOICES.map(({ theme, name, icon: Icon }) => (
        <label key={theme} title={name} className={theme === chosen ? 'theme-choice theme-chosen' : 'theme-choice'}>
          <input
            type="radio"
            name="theme"
            className="visually-hidden"
            checked={theme === chosen}
            onChange={() => changeSettings({ theme })}
          />
          <Icon size={14} aria-hidden />
          <span className="visually-hidden">{name}</span>
        </label>
      ))}
    </fieldset>
  );
}
