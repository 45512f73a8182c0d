import { useEffect, useState } from 'react';
import { writeAge } from '../holders/write-age.ts';

/** How long ago something was seen, as time goes by: `35 s ago`. */
export function SeenAgo({ seen }: { readonly seen: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return <span className="digits">{writeAge((Math.max(now, seen) - seen) / 1_000)} ago</span>;
}
