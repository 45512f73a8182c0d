import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

interface PopUpProps {
  /** What the button says. */
  readonly label: ReactNode;
  readonly title: string;
  readonly className?: string;
  /** What opens under it; called while it is open only. */
  readonly children: (close: () => void) => ReactNode;
}

/** A button with a small panel under it, which Escape, a click elsewhere and leaving it with Tab close. */
export function PopUp({ label, title, className = 'button button-small', children }: PopUpProps) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement | null>(null);
  const button = useRef<HTMLButtonElement | null>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    const onPress = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    window.addEventListener('pointerdown', onPress, true);
    return () => window.removeEventListener('pointerdown', onPress, true);
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open || event.key !== 'Escape') return;
    event.preventDefault();
    close();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only Escape is taken here, for whatever has the focus within
    <div
      ref={box}
      className="pop-up"
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        if (event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        className={className}
        title={title}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {label}
      </button>
      {open ? (
        <section id={id} className="pop-up-panel" aria-label={title}>
          {children(close)}
        </section>
      ) : null}
    </div>
  );
}
