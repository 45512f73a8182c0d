/** One fact of a look, as the helper's frames carry it; every byte is a character. */
export interface RawFact {
  readonly name: string;
  readonly error: number;
  readonly text: string;
}

const maxBody = 4092;

/**
 * A look of a real kernel, changed as a story wants it: facts are kept, changed, or left out (undefined). Written from
 * PROTOCOL.md alone: nothing of the program's own decoder is used.
 *
 * @param more facts that were not in it
 */
export function editSnapshot(
  frames: Uint8Array,
  edit: (fact: RawFact) => RawFact | undefined,
  more: Iterable<RawFact> = [],
): Buffer {
  const all = Buffer.from(frames);
  const edited: Buffer[] = [];
  let text = '';
  for (let at = 0; at < all.length; ) {
    const type = String.fromCharCode(all[at]!);
    const end = at + 4 + all.readUIntBE(at + 1, 3);
    const body = all.subarray(at + 4, end).toString('latin1');
    at = end;
    if (type === 'F') {
      const nameEnd = body.indexOf('\0', 2);
      text += body.slice(nameEnd + 1);
      if (body[0] !== '\x01') continue;
      const fact = edit({ name: body.slice(2, nameEnd), error: body.charCodeAt(1), text });
      text = '';
      if (fact !== undefined) edited.push(...writeFact(fact));
      // A helper that stays for the next look says no goodbye.
    } else if (type !== 'B') {
      if (type === 'N') for (const fact of more) edited.push(...writeFact(fact));
      edited.push(frame(type, body));
    }
  }
  return Buffer.concat(edited);
}

/** The same look with other counts: `{ vkms: 1 }`. */
export function withRefcounts(counts: Readonly<Record<string, number>>): (fact: RawFact) => RawFact {
  return (fact) => {
    let { text } = fact;
    for (const [module, count] of Object.entries(counts)) {
      if (fact.name === '/proc/modules')
        text = text.replace(new RegExp(`^(${module} \\d+) \\d+ `, 'm'), `$1 ${count} `);
      else if (fact.name === ':refcounts')
        text = text.replace(new RegExp(`(^|\\0)${module}\\0\\d+`), `$1${module}\0${count}`);
      else if (fact.name === `:module ${module}`) text = text.replace(/^\d+/, String(count));
    }
    return { ...fact, text };
  };
}

function writeFact({ name, error, text }: RawFact): Buffer[] {
  const parts: Buffer[] = [];
  const room = maxBody - name.length - 3;
  let at = 0;
  do {
    const part = text.slice(at, at + room);
    at += part.length;
    parts.push(frame('F', `${at >= text.length ? '\x01' : '\0'}${String.fromCharCode(error)}${name}\0${part}`));
  } while (at < text.length);
  return parts;
}

function frame(type: string, body: string): Buffer {
  const header = Buffer.from([type.charCodeAt(0), 0, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([header, Buffer.from(body, 'latin1')]);
}
