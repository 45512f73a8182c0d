import type { ReactNode } from 'react';

interface IconButtonProps {
  /** What a screen reader says. */
  readonly name: string;
  /** What the pointer is told, where that is another thing. */
  readonly title?: string | undefined;
  /** Keys that do the same. */
  readonly keys?: string | undefined;
  /** Of a button that stays down. */
  readonly pressed?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  /** What it does is under way. */
  readonly busy?: boolean | undefined;
  readonly small?: boolean | undefined;
  readonly onClick: () => void;
  /** The icon. */
  readonly children: ReactNode;
}

/** A button that is an icon, with words for those who do not see it or do not know it. */
export function IconButton(props: IconButtonProps) {
  const { name, title = name, keys, pressed, disabled, busy, small = false, onClick, children } = props;
  return (
    <button
      type="button"
      className={small ? 'icon-button icon-button-small' : 'icon-button'}
      title={keys === undefined ? title : `${title} (${keys})`}
      aria-label={name}
      aria-pressed={pressed}
      aria-busy={busy}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
