/** The picture of one terminal and its keyboard; it stays as it is while another tab is shown. */
export interface Screen {
  /** Where it is on the page; undefined before its first time. */
  readonly place: HTMLElement | null;
  /** Puts it on the page, and measures how much it has room for. */
  mount(stage: HTMLElement): void;
  unmount(): void;
  readonly size: { readonly columns: number; readonly rows: number };
  /** Adds output; `shown` is called when it has been taken in. A replay is output of the past: it asks nothing. */
  show(bytes: Uint8Array, replay: boolean, shown: () => void): void;
  /** Takes as many columns and rows as its place has room for. */
  fit(): void;
  focus(): void;
  hasFocus(): boolean;
  paint(theme: 'light' | 'dark'): void;
  /** Has screen readers follow the output, which costs time. */
  readAloud(on: boolean): void;
  /** Goes to the next place of a text, or the one before; false where there is none. */
  find(text: string, by: 1 | -1): boolean;
  endSearch(): void;
  dispose(): void;
}

export interface ScreenEvents {
  theme(): 'light' | 'dark';
  typed(text: string): void;
  resized(columns: number, rows: number): void;
  copied(text: string): void;
  /** The person wants to look for something. */
  searched(): void;
}
