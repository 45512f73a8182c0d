import { useEffect, useState } from 'react';
import { useStore } from '../state/store.ts';

const TOLD_EVERY_MS = 250;

/** For how many whole seconds something has been waiting to be shown. */
export function useLag(): number {
  const since = useStore((state) => state.growth?.waitingSince);
  const [lag, setLag] = useState(0);
  useEffect(() => {
    if (since === undefined) {
      setLag(0);
      return;
    }
    const tell = () => setLag(Math.floor((performance.now() - since) / 1000));
    tell();
    const timer = setInterval(tell, TOLD_EVERY_MS);
    return () => clearInterval(timer);
  }, [since]);
  return lag;
}
