/**
 * SHA-256 (FIPS 180-4) in plain code: for short texts such as content keys, and for pages on insecure origins, where
 * the browser's own is missing.
 */
const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Round constants: the fractional parts of the cube roots of the first 64 primes. */
const K: Uint32Array = (() => {
  const k = new Uint32Array(64);
  let found = 0;
  for (let n = 2; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (prime) k[found++] = (Math.cbrt(n) % 1) * 0x1_0000_0000;
  }
  return k;
})();

const rotate = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

const START = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
] as const;
const BLOCK = 64;

/** Takes one block into the state. */
function compress(state: Uint32Array, w: Uint32Array, view: DataView, at: number): void {
  for (let i = 0; i < 16; i++) w[i] = view.getUint32(at + i * 4);
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15] ?? 0;
    const y = w[i - 2] ?? 0;
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
    w[i] = ((w[i - 16] ?? 0) + s0 + (w[i - 7] ?? 0) + s1) | 0;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (K[i] ?? 0) + (w[i] ?? 0)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
  state[4] = (state[4] ?? 0) + e;
  state[5] = (state[5] ?? 0) + f;
  state[6] = (state[6] ?? 0) + g;
  state[7] = (state[7] ?? 0) + h;
}

/** SHA-256 of what comes piece by piece. */
export interface Sha256 {
  update(piece: Uint8Array): void;
  /** Lower-case hex of all pieces; nothing can be added afterwards. */
  hex(): string;
}

/** Begins a SHA-256: the browser's own takes only what is in memory as a whole. */
export function createSha256(): Sha256 {
  const state = Uint32Array.from(START);
  const w = new Uint32Array(64);
  const rest = new Uint8Array(2 * BLOCK);
  const restView = new DataView(rest.buffer);
  let held = 0;
  let length = 0;
  return {
    update(piece) {
      length += piece.length;
      let at = 0;
      if (held > 0) {
        at = Math.min(BLOCK - held, piece.length);
        rest.set(piece.subarray(0, at), held);
        held += at;
        if (held < BLOCK) return;
        compress(state, w, restView, 0);
        held = 0;
      }
      const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
      for (; at + BLOCK <= piece.length; at += BLOCK) compress(state, w, view, at);
      rest.set(piece.subarray(at), 0);
      held = piece.length - at;
    },
    hex() {
      rest.fill(0, held);
      rest[held] = 0x80;
      const end = held + 9 > BLOCK ? 2 * BLOCK : BLOCK;
      restView.setUint32(end - 8, Math.floor(length / 0x2000_0000));
      restView.setUint32(end - 4, length << 3);
      for (let at = 0; at < end; at += BLOCK) compress(state, w, restView, at);
      const out = new DataView(new ArrayBuffer(32));
      state.forEach((word, i) => {
        out.setUint32(i * 4, word);
      });
      return hex(new Uint8Array(out.buffer));
    },
  };
}

/** SHA-256 in plain JavaScript, lower-case hex. */
export function sha256Plain(data: Uint8Array): string {
  const sum = createSha256();
  sum.update(data);
  return sum.hex();
}

/** UTF-8 bytes of a text; the core has no TextEncoder. */
export function utf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0xfffd;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else {
      bytes.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
    }
  }
  return Uint8Array.from(bytes);
}
