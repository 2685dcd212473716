// Makes a text ready for reading: byte offsets, and the cut at the first character that no shell text can hold.
// Implements spec/shell.md sections 1.1 to 1.3. Twin of go/change/shell.

/** A text, ready to be read. */
export interface Prepared {
  /** Where reading ends: the index of the first character that cannot be in a shell text, or the length. */
  readonly end: number;
  readonly sizeBytes: number;
  /** UTF-8 byte offset of every code unit and of the end; null for ASCII. */
  readonly offsets: Uint32Array | null;
}

export function prepareText(text: string): Prepared {
  let end = text.length;
  let isAscii = true;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7e) isAscii = false;
    else if (code > 1) continue;
    if (i < end && isForbidden(text, i, code)) end = i;
  }
  if (isAscii) return { end, sizeBytes: text.length, offsets: null };
  const offsets = byteOffsets(text);
  return { end, sizeBytes: offsets[text.length] ?? 0, offsets };
}

// NUL cannot be an argument; bash keeps U+0001 and U+007F for itself; half a surrogate pair is no character.
function isForbidden(text: string, index: number, code: number): boolean {
  if (code <= 1 || code === 0x7f) return true;
  if (code >= 0xd800 && code <= 0xdbff) {
    const next = text.charCodeAt(index + 1);
    return !(next >= 0xdc00 && next <= 0xdfff);
  }
  if (code < 0xdc00 || code > 0xdfff) return false;
  const before = text.charCodeAt(index - 1);
  return !(before >= 0xd800 && before <= 0xdbff);
}

/** Half a surrogate pair counts three bytes, as the replacement character does. */
function byteOffsets(text: string): Uint32Array {
  const offsets = new Uint32Array(text.length + 1);
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    offsets[i] = bytes;
    const code = text.charCodeAt(i);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (code >= 0xd800 && code <= 0xdbff && isLow(text.charCodeAt(i + 1))) {
      offsets[++i] = bytes;
      bytes += 4;
    } else bytes += 3;
  }
  offsets[text.length] = bytes;
  return offsets;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
