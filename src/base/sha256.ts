// SHA-256 of short texts (FIPS 180-4) for a process that hashes a little and ends: loading node:crypto takes as long as a whole judgement.
// Many bytes are digest.ts's business, which asks node:crypto for them. The Go engine has no twin of this: its library starts at once.

/** Bytes of one block. */
const BLOCK = 64;

/** The 32 bytes of the digest. */
export function sha256Bytes(content: Uint8Array): Uint8Array {
  const padded = pad(content);
  const state = new Int32Array(START);
  const schedule = new Int32Array(BLOCK + 16);
  for (let at = 0; at < padded.byteLength; at += BLOCK) addBlock(state, schedule, padded, at);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => {
    digest.setInt32(i * 4, word);
  });
  return new Uint8Array(digest.buffer);
}

/** The content, a one bit, zeros, and the length in bits as 64 bits: whole blocks. */
function pad(content: Uint8Array): DataView {
  const size = content.length;
  const bytes = new Uint8Array(Math.ceil((size + 9) / BLOCK) * BLOCK);
  bytes.set(content);
  bytes[size] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 8, Math.floor(size / 2 ** 29));
  view.setUint32(bytes.length - 4, (size << 3) >>> 0);
  return view;
}

// TEMPTATION: single rounds in a loop are an eighth as long. Eight of them written out let the words change names instead of places, which spares an
// interpreter a third of the work; and V8 sets its optimiser, which costs more than all of this, on long functions later than on short ones.
// biome-ignore format: one line for a step of the standard
function addBlock(state: Int32Array, w: Int32Array, blocks: DataView, at: number): void {
  for (let i = 0; i < 16; i++) w[i] = blocks.getInt32(at + i * 4);
  let [a, b, c, d, e, f, g, h] = Array.from(state) as Words;
  let t = 0, x = 0, y = 0;
  for (let i = 0; i < BLOCK; i += 8) {
    t = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) | 0;
    t = t + (g ^ e & (f ^ g)) | 0;
    t = t + (((K[i] as number) + (w[i] as number)) | 0) | 0;
    d = d + t | 0;
    x = w[i + 1] as number;
    y = w[i + 14] as number;
    w[i + 16] = (((w[i] as number) + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)) | 0) + (((w[i + 9] as number) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10)) | 0);
    h = (t + ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) | 0) + (a & b | c & (a | b)) | 0;
    t = g + ((d >>> 6 | d << 26) ^ (d >>> 11 | d << 21) ^ (d >>> 25 | d << 7)) | 0;
    t = t + (f ^ d & (e ^ f)) | 0;
    t = t + (((K[i + 1] as number) + (w[i + 1] as number)) | 0) | 0;
    c = c + t | 0;
    x = w[i + 2] as number;
    y = w[i + 15] as number;
    w[i + 17] = (((w[i + 1] as number) + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)) | 0) + (((w[i + 10] as number) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10)) | 0);
    g = (t + ((h >>> 2 | h << 30) ^ (h >>> 13 | h << 19) ^ (h >>> 22 | h << 10)) | 0) + (h & a | b & (h | a)) | 0;
    t = f + ((c >>> 6 | c << 26) ^ (c >>> 11 | c << 21) ^ (c >>> 25 | c << 7)) | 0;
    t = t + (e ^ c & (d ^ e)) | 0;
    t = t + (((K[i + 2] as number) + (w[i + 2] as number)) | 0) | 0;
    b = b + t | 0;
    x = w[i + 3] as number;
    y = w[i + 16] as number;
    w[i + 18] = (((w[i + 2] as number) + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)) | 0) + (((w[i + 11] as number) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10)) | 0);
    f = (t + ((g >>> 2 | g << 30) ^ (g >>> 13 | g << 19) ^ (g >>> 22 | g << 10)) | 0) + (g & h | a & (g | h)) | 0;
    t = e + ((b >>> 6 | b << 26) ^ (b >>> 11 | b << 21) ^ (b >>> 25 | b << 7)) | 0;
    t = t + (d ^ b & (c ^ d)) | 0;
    t = t + (((K[i + 3] as number) + (w[i + 3] as number)) | 0) | 0;
    a = a + t | 0;
    x = w[i + 4] as number;
    y = w[i + 17] as number;
    w[i + 19] = (((w[i + 3] as number) + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)) | 0) + (((w[i + 12] as number) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10)) | 0);
    e = (t + ((f >>> 2 | f << 30) ^ (f >>> 13 | f << 19) ^ (f >>> 22 | f << 10)) | 0) + (f & g | h & (f | g)) | 0;
    t = d + ((a >>> 6 | a << 26) ^ (a >>> 11 | a << 21) ^ (a >>> 25 | a << 7)) | 0;
    t = t + (c ^ a & (b ^ c)) | 0;
    t = t + (((K[i + 4] as number) + (w[i + 4] as number)) | 0) | 0;
    h = h + t | 0;
    x = w[i + 5] as number;
    y = w[i + 18] as number;
    w[i + 20] = (((w[i + 4] as number) + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)) | 0) + (((w[i + 13] as number) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10)) | 0);
    d = (t + ((e >>> 2 | e << 30) ^ (e >>> 13 | e << 19) ^ (e >>> 22 | e << 10)) | 0) + (e & f | g & (e | f)) | 0;
    t = c + ((h >>> 6 | h << 26) ^ (h >>> 11 | h << 21) ^ (h >>> 25 | h << 7)) | 0;
    t = t + (b ^ h & (a ^ b)) | 0;
    t = t + (((K[i + 5] as number) + (w[i + 5] as number)) | 0) | 0;
    g = g + t | 0;
    x = w[i + 6] as number;
    y = w[i + 19] as number;
    w[i + 21] = (((w[i + 5] as number) + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)) | 0) + (((w[i + 14] as number) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10)) | 0);
    c = (t + ((d >>> 2 | d << 30) ^ (d >>> 13 | d << 19) ^ (d >>> 22 | d << 10)) | 0) + (d & e | f & (d | e)) | 0;
    t = b + ((g >>> 6 | g << 26) ^ (g >>> 11 | g << 21) ^ (g >>> 25 | g << 7)) | 0;
    t = t + (a ^ g & (h ^ a)) | 0;
    t = t + (((K[i + 6] as number) + (w[i + 6] as number)) | 0) | 0;
    f = f + t | 0;
    x = w[i + 7] as number;
    y = w[i + 20] as number;
    w[i + 22] = (((w[i + 6] as number) + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)) | 0) + (((w[i + 15] as number) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10)) | 0);
    b = (t + ((c >>> 2 | c << 30) ^ (c >>> 13 | c << 19) ^ (c >>> 22 | c << 10)) | 0) + (c & d | e & (c | d)) | 0;
    t = a + ((f >>> 6 | f << 26) ^ (f >>> 11 | f << 21) ^ (f >>> 25 | f << 7)) | 0;
    t = t + (h ^ f & (g ^ h)) | 0;
    t = t + (((K[i + 7] as number) + (w[i + 7] as number)) | 0) | 0;
    e = e + t | 0;
    x = w[i + 8] as number;
    y = w[i + 21] as number;
    w[i + 23] = (((w[i + 7] as number) + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)) | 0) + (((w[i + 16] as number) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10)) | 0);
    a = (t + ((b >>> 2 | b << 30) ^ (b >>> 13 | b << 19) ^ (b >>> 22 | b << 10)) | 0) + (b & c | d & (b | c)) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => {
    state[i] = (state[i] as number) + word;
  });
}

type Words = [number, number, number, number, number, number, number, number];

// biome-ignore format: the tables of the standard
const START = Int32Array.of(
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
);
// biome-ignore format: the tables of the standard
const K = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
);
