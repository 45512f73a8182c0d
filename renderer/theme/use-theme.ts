import { useEffect, useSyncExternalStore } from 'react';
import { useStore } from '../state/store.ts';

const prefersDark = matchMedia('(prefers-color-scheme: dark)');

function listen(changed: () => void): () => void {
  prefersDark.addEventListener('change', changed);
  return () => prefersDark.removeEventListener('change', changed);
}

/** The theme to show: the one that was chosen, else the system's. */
export function useTheme(): 'light' | 'dark' {
  const chosen = useStore((state) => state.settings.theme);
  const systemIsDark = useSyncExternalStore(listen, () => prefersDark.matches);
  return chosen === 'system' ? (systemIsDark ? 'dark' : 'light') : chosen;
}

/** Writes the theme where the style sheets look for it. */
export function useThemeOnPage(): void {
  const theme = useTheme();
  useEffect(() => {
    document.documentElement.setAttribute('data-theme', theme);
  }, [theme]);
}
