/** The name of a pressed key as commands are bound to it: `w`, `Shift+A`, `Ctrl+S`, `Alt+ArrowUp`, `?`. */
export function nameKey(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const { key } = event;
  const letter = /^\p{L}$/u.test(key);
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  // Shift makes another sign of a sign, which is then its name; letters and named keys stay what they are.
  const shift = event.shiftKey && (letter || key.length > 1);
  return [
    event.ctrlKey || event.metaKey ? 'Ctrl+' : '',
    event.altKey ? 'Alt+' : '',
    shift ? 'Shift+' : '',
    letter ? (shift || modified ? key.toUpperCase() : key.toLowerCase()) : key,
  ].join('');
}

const signs: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  '-': '−',
};

/** The caps to press for a named key: `Shift+A` is `Shift` and `A`. */
export function capsOf(name: string): readonly string[] {
  const parts = name.length > 1 ? name.split(/(?<=.)\+/) : [name];
  return parts.map((part) => signs[part] ?? part);
}
