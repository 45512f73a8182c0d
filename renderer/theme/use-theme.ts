import { useLayoutEffect } from 'react';
import { type State, useStore } from '../state/store.ts';

/** The theme to show: the one that was chosen, else the system's. */
export function useTheme(): 'light' | 'dark' {
  return useStore(themeOf);
}

/** The same at this moment, outside of React. */
export function shownTheme(): 'light' | 'dark' {
  return themeOf(useStore.getState());
}

function themeOf({ settings, systemIsDark }: State): 'light' | 'dark' {
  if (settings.theme !== 'system') return settings.theme;
  return systemIsDark ? 'dark' : 'light';
}

/** Writes the theme where the style sheets look for it, before anybody asks them for a colour. */
export function useThemeOnPage(): void {
  const theme = useTheme();
  useLayoutEffect(() => {
    document.documentElement.setAttribute('data-theme', theme);
  }, [theme]);
}
