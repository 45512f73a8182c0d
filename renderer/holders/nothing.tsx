import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

interface NothingProps {
  readonly icon: LucideIcon;
  readonly title: string;
  /** That there is nothing is what was hoped for. */
  readonly good?: boolean;
  readonly children: ReactNode;
}

/** What stands where there is nothing to show, and why. */
export function Nothing({ icon: Icon, title, good = false, children }: NothingProps) {
  return (
    <div className={good ? 'nothing nothing-good' : 'nothing'}>
      <Icon size={28} aria-hidden />
      <h3>{title}</h3>
      <p>{children}</p>
    </div>
  );
}
