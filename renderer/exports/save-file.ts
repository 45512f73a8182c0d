/** Has the browser save a file under a name: it asks where, or takes its folder for downloads. */
export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken the content over when the click is done with; a moment later it is not needed any more.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** A name for what is made of a recording: its own without its endings, in letters that every file system takes. */
export function nameFile(recording: string, part: string, ending: string): string {
  const base = recording.replace(/(\.(txt|trace|report|gz|json|log|dat))+$/i, '').replace(/[^\p{L}\p{N}._-]+/gu, '-');
  const stem = base.replace(/^[.-]+/, '').slice(0, 80) || 'recording';
  return `${stem}${part === '' ? '' : `-${part}`}.${ending}`;
}
