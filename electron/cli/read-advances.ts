/**
 * How wide each character of an OpenType font is, as a part of the font's size. One the font does not have is as wide
 * as its sign for those.
 *
 * Source: OpenType, tables head, hhea, hmtx, and cmap with subtable format 4
 */
export function readAdvances(font: Uint8Array): (codePoint: number) => number {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const unitsPerEm = view.getUint16(tableAt(view, 'head') + 18);
  const metrics = view.getUint16(tableAt(view, 'hhea') + 34);
  const hmtx = tableAt(view, 'hmtx');
  const glyphOf = readCharacterMap(view);
  return (codePoint) => view.getUint16(hmtx + 4 * Math.min(glyphOf(codePoint), metrics - 1)) / unitsPerEm;
}

function tableAt(view: DataView, tag: string): number {
  const tables = view.getUint16(4);
  for (let record = 12; record < 12 + tables * 16; record += 16) {
    const name = String.fromCharCode(...[0, 1, 2, 3].map((place) => view.getUint8(record + place)));
    if (name === tag) return view.getUint32(record + 8);
  }
  throw new Error(`the font has no table ${tag}`);
}

/** Glyph 0 stands for what the font does not have. */
function readCharacterMap(view: DataView): (codePoint: number) => number {
  const cmap = tableAt(view, 'cmap');
  const subtables = Array.from({ length: view.getUint16(cmap + 2) }, (_, i) => cmap + view.getUint32(cmap + 8 + i * 8));
  const at = subtables.find((subtable) => view.getUint16(subtable) === 4);
  if (at === undefined) throw new Error('the font maps no characters in format 4');
  const doubled = view.getUint16(at + 6);
  const ends = at + 14;
  const starts = ends + doubled + 2;
  const deltas = starts + doubled;
  const offsets = deltas + doubled;
  return (codePoint) => {
    let segment = 0;
    while (segment < doubled && view.getUint16(ends + segment) < codePoint) segment += 2;
    const start = segment < doubled ? view.getUint16(starts + segment) : codePoint + 1;
    if (codePoint < start) return 0;
    const offset = view.getUint16(offsets + segment);
    const delta = view.getUint16(deltas + segment);
    if (offset === 0) return (codePoint + delta) & 0xffff;
    const glyph = view.getUint16(offsets + segment + offset + 2 * (codePoint - start));
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
  };
}
