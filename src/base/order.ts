// The one order of strings: by UTF-8 bytes, which is the order of code points. Implements spec/change.md section 1.
// Twin of go/base/order.go.
// The temptation is `a < b`: JavaScript compares UTF-16 units, and puts U+1F600 before U+FF5E; Go compares bytes and does not.

export function compareBytes(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

// Surrogates stand for code points above U+FFFF, so they sort after U+E000 to U+FFFF.
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

export function sortedByBytes(values: Iterable<string>): readonly string[] {
  const distinct = [...(values instanceof Set ? values : new Set(values))];
  return distinct.length < 2 ? distinct : distinct.sort(compareBytes);
}
