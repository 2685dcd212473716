// SHA-256 of short texts (FIPS 180-4) for a process that hashes a little and ends: loading node:crypto takes as long as a whole judgement.
// Many bytes are digest.ts's business, which asks node:crypto for them. The Go engine has no twin of this: its library starts at once.

/** Bytes of one block. */
const BLOCK = 64;

/** The 32 bytes of the digest. */
export function sha256Bytes(content: Uint8Array): Uint8Array {
  const padded = pad(content);
  const state = new Int32Array(START);
  const words = new Int32Array(BLOCK);
  for (let at = 0; at < padded.byteLength; at += BLOCK) addBlock(state, words, padded, at);
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
// TEMPTATION: `a + b | 0` is what everybody writes. A sum beyond 32 bits is an object to an interpreter, and those of one record would bring on the
// only collection of a hook's life. `m` is the top bit where both have the same sign: with it turned in one of them no sum is ever too large.
// biome-ignore format: one line for a step of the standard
function addBlock(state: Int32Array, w: Int32Array, blocks: DataView, at: number): void {
  schedule(w, blocks, at);
  let a = state[0] as number, b = state[1] as number, c = state[2] as number, d = state[3] as number;
  let e = state[4] as number, f = state[5] as number, g = state[6] as number, h = state[7] as number;
  let t = 0, u = 0, m = 0;
  for (let i = 0; i < BLOCK; i += 8) {
    u = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
    m = ~(h ^ u) & MIN; t = (h ^ m) + u ^ m;
    u = K[i] as number; m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m; u = w[i] as number; m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    u = g ^ e & (f ^ g); m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    m = ~(d ^ t) & MIN; d = (d ^ m) + t ^ m;
    u = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10); m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    u = a & b | c & (a | b); m = ~(t ^ u) & MIN; h = (t ^ m) + u ^ m;
    u = (d >>> 6 | d << 26) ^ (d >>> 11 | d << 21) ^ (d >>> 25 | d << 7);
    m = ~(g ^ u) & MIN; t = (g ^ m) + u ^ m;
    u = K[i + 1] as number; m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m; u = w[i + 1] as number; m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    u = f ^ d & (e ^ f); m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    m = ~(c ^ t) & MIN; c = (c ^ m) + t ^ m;
    u = (h >>> 2 | h << 30) ^ (h >>> 13 | h << 19) ^ (h >>> 22 | h << 10); m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    u = h & a | b & (h | a); m = ~(t ^ u) & MIN; g = (t ^ m) + u ^ m;
    u = (c >>> 6 | c << 26) ^ (c >>> 11 | c << 21) ^ (c >>> 25 | c << 7);
    m = ~(f ^ u) & MIN; t = (f ^ m) + u ^ m;
    u = K[i + 2] as number; m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m; u = w[i + 2] as number; m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    u = e ^ c & (d ^ e); m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    m = ~(b ^ t) & MIN; b = (b ^ m) + t ^ m;
    u = (g >>> 2 | g << 30) ^ (g >>> 13 | g << 19) ^ (g >>> 22 | g << 10); m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    u = g & h | a & (g | h); m = ~(t ^ u) & MIN; f = (t ^ m) + u ^ m;
    u = (b >>> 6 | b << 26) ^ (b >>> 11 | b << 21) ^ (b >>> 25 | b << 7);
    m = ~(e ^ u) & MIN; t = (e ^ m) + u ^ m;
    u = K[i + 3] as number; m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m; u = w[i + 3] as number; m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    u = d ^ b & (c ^ d); m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    m = ~(a ^ t) & MIN; a = (a ^ m) + t ^ m;
    u = (f >>> 2 | f << 30) ^ (f >>> 13 | f << 19) ^ (f >>> 22 | f << 10); m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    u = f & g | h & (f | g); m = ~(t ^ u) & MIN; e = (t ^ m) + u ^ m;
    u = (a >>> 6 | a << 26) ^ (a >>> 11 | a << 21) ^ (a >>> 25 | a << 7);
    m = ~(d ^ u) & MIN; t = (d ^ m) + u ^ m;
    u = K[i + 4] as number; m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m; u = w[i + 4] as number; m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    u = c ^ a & (b ^ c); m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    m = ~(h ^ t) & MIN; h = (h ^ m) + t ^ m;
    u = (e >>> 2 | e << 30) ^ (e >>> 13 | e << 19) ^ (e >>> 22 | e << 10); m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    u = e & f | g & (e | f); m = ~(t ^ u) & MIN; d = (t ^ m) + u ^ m;
    u = (h >>> 6 | h << 26) ^ (h >>> 11 | h << 21) ^ (h >>> 25 | h << 7);
    m = ~(c ^ u) & MIN; t = (c ^ m) + u ^ m;
    u = K[i + 5] as number; m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m; u = w[i + 5] as number; m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    u = b ^ h & (a ^ b); m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    m = ~(g ^ t) & MIN; g = (g ^ m) + t ^ m;
    u = (d >>> 2 | d << 30) ^ (d >>> 13 | d << 19) ^ (d >>> 22 | d << 10); m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    u = d & e | f & (d | e); m = ~(t ^ u) & MIN; c = (t ^ m) + u ^ m;
    u = (g >>> 6 | g << 26) ^ (g >>> 11 | g << 21) ^ (g >>> 25 | g << 7);
    m = ~(b ^ u) & MIN; t = (b ^ m) + u ^ m;
    u = K[i + 6] as number; m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m; u = w[i + 6] as number; m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    u = a ^ g & (h ^ a); m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    m = ~(f ^ t) & MIN; f = (f ^ m) + t ^ m;
    u = (c >>> 2 | c << 30) ^ (c >>> 13 | c << 19) ^ (c >>> 22 | c << 10); m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    u = c & d | e & (c | d); m = ~(t ^ u) & MIN; b = (t ^ m) + u ^ m;
    u = (f >>> 6 | f << 26) ^ (f >>> 11 | f << 21) ^ (f >>> 25 | f << 7);
    m = ~(a ^ u) & MIN; t = (a ^ m) + u ^ m;
    u = K[i + 7] as number; m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m; u = w[i + 7] as number; m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    u = h ^ f & (g ^ h); m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    m = ~(e ^ t) & MIN; e = (e ^ m) + t ^ m;
    u = (b >>> 2 | b << 30) ^ (b >>> 13 | b << 19) ^ (b >>> 22 | b << 10); m = ~(t ^ u) & MIN; t = (t ^ m) + u ^ m;
    u = b & c | d & (b | c); m = ~(t ^ u) & MIN; a = (t ^ m) + u ^ m;
  }
  state[0] = state[0] as number + a; state[1] = state[1] as number + b; state[2] = state[2] as number + c; state[3] = state[3] as number + d;
  state[4] = state[4] as number + e; state[5] = state[5] as number + f; state[6] = state[6] as number + g; state[7] = state[7] as number + h;
}

/** The 64 words of a block: its own sixteen, and what the standard makes of them. */
// biome-ignore format: one line for a step of the standard
function schedule(w: Int32Array, blocks: DataView, at: number): void {
  for (let i = 0; i < 16; i++) w[i] = blocks.getInt32(at + i * 4);
  let u = 0, v = 0, x = 0, m = 0;
  for (let i = 16; i < BLOCK; i += 16) {
    x = w[i - 15] as number; v = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3; u = w[i - 16] as number; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    x = w[i - 2] as number; u = (x >>> 17 | x << 15) ^ (x >>> 19 | x << 13) ^ x >>> 10; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    u = w[i - 7] as number; m = ~(v ^ u) & MIN; w[i] = (v ^ m) + u ^ m;
    x = w[i - 14] as number; v = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3; u = w[i - 15] as number; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    x = w[i - 1] as number; u = (x >>> 17 | x << 15) ^ (x >>> 19 | x << 13) ^ x >>> 10; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    u = w[i - 6] as number; m = ~(v ^ u) & MIN; w[i + 1] = (v ^ m) + u ^ m;
    x = w[i - 13] as number; v = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3; u = w[i - 14] as number; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    x = w[i] as number; u = (x >>> 17 | x << 15) ^ (x >>> 19 | x << 13) ^ x >>> 10; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    u = w[i - 5] as number; m = ~(v ^ u) & MIN; w[i + 2] = (v ^ m) + u ^ m;
    x = w[i - 12] as number; v = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3; u = w[i - 13] as number; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    x = w[i + 1] as number; u = (x >>> 17 | x << 15) ^ (x >>> 19 | x << 13) ^ x >>> 10; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    u = w[i - 4] as number; m = ~(v ^ u) & MIN; w[i + 3] = (v ^ m) + u ^ m;
    x = w[i - 11] as number; v = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3; u = w[i - 12] as number; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    x = w[i + 2] as number; u = (x >>> 17 | x << 15) ^ (x >>> 19 | x << 13) ^ x >>> 10; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    u = w[i - 3] as number; m = ~(v ^ u) & MIN; w[i + 4] = (v ^ m) + u ^ m;
    x = w[i - 10] as number; v = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3; u = w[i - 11] as number; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    x = w[i + 3] as number; u = (x >>> 17 | x << 15) ^ (x >>> 19 | x << 13) ^ x >>> 10; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    u = w[i - 2] as number; m = ~(v ^ u) & MIN; w[i + 5] = (v ^ m) + u ^ m;
    x = w[i - 9] as number; v = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3; u = w[i - 10] as number; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    x = w[i + 4] as number; u = (x >>> 17 | x << 15) ^ (x >>> 19 | x << 13) ^ x >>> 10; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    u = w[i - 1] as number; m = ~(v ^ u) & MIN; w[i + 6] = (v ^ m) + u ^ m;
    x = w[i - 8] as number; v = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3; u = w[i - 9] as number; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    x = w[i + 5] as number; u = (x >>> 17 | x << 15) ^ (x >>> 19 | x << 13) ^ x >>> 10; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    u = w[i] as number; m = ~(v ^ u) & MIN; w[i + 7] = (v ^ m) + u ^ m;
    x = w[i - 7] as number; v = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3; u = w[i - 8] as number; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    x = w[i + 6] as number; u = (x >>> 17 | x << 15) ^ (x >>> 19 | x << 13) ^ x >>> 10; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    u = w[i + 1] as number; m = ~(v ^ u) & MIN; w[i + 8] = (v ^ m) + u ^ m;
    x = w[i - 6] as number; v = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3; u = w[i - 7] as number; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    x = w[i + 7] as number; u = (x >>> 17 | x << 15) ^ (x >>> 19 | x << 13) ^ x >>> 10; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    u = w[i + 2] as number; m = ~(v ^ u) & MIN; w[i + 9] = (v ^ m) + u ^ m;
    x = w[i - 5] as number; v = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3; u = w[i - 6] as number; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    x = w[i + 8] as number; u = (x >>> 17 | x << 15) ^ (x >>> 19 | x << 13) ^ x >>> 10; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    u = w[i + 3] as number; m = ~(v ^ u) & MIN; w[i + 10] = (v ^ m) + u ^ m;
    x = w[i - 4] as number; v = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3; u = w[i - 5] as number; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    x = w[i + 9] as number; u = (x >>> 17 | x << 15) ^ (x >>> 19 | x << 13) ^ x >>> 10; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    u = w[i + 4] as number; m = ~(v ^ u) & MIN; w[i + 11] = (v ^ m) + u ^ m;
    x = w[i - 3] as number; v = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3; u = w[i - 4] as number; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    x = w[i + 10] as number; u = (x >>> 17 | x << 15) ^ (x >>> 19 | x << 13) ^ x >>> 10; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    u = w[i + 5] as number; m = ~(v ^ u) & MIN; w[i + 12] = (v ^ m) + u ^ m;
    x = w[i - 2] as number; v = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3; u = w[i - 3] as number; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    x = w[i + 11] as number; u = (x >>> 17 | x << 15) ^ (x >>> 19 | x << 13) ^ x >>> 10; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    u = w[i + 6] as number; m = ~(v ^ u) & MIN; w[i + 13] = (v ^ m) + u ^ m;
    x = w[i - 1] as number; v = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3; u = w[i - 2] as number; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    x = w[i + 12] as number; u = (x >>> 17 | x << 15) ^ (x >>> 19 | x << 13) ^ x >>> 10; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    u = w[i + 7] as number; m = ~(v ^ u) & MIN; w[i + 14] = (v ^ m) + u ^ m;
    x = w[i] as number; v = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3; u = w[i - 1] as number; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    x = w[i + 13] as number; u = (x >>> 17 | x << 15) ^ (x >>> 19 | x << 13) ^ x >>> 10; m = ~(v ^ u) & MIN; v = (v ^ m) + u ^ m;
    u = w[i + 8] as number; m = ~(v ^ u) & MIN; w[i + 15] = (v ^ m) + u ^ m;
  }
}

const MIN = -0x80000000;
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
