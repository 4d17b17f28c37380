/** Bits of H.264 NAL units (ITU-T H.264, 7.2 and 9.1): reading, writing, emulation prevention. */

/** A NAL unit's payload without emulation prevention bytes (7.4.1). `nal` includes its header byte. */
export function unescapeNal(nal: Uint8Array): Uint8Array {
  const out = new Uint8Array(nal.length);
  let at = 0;
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    out[at] = byte;
    at += 1;
  }
  return out.subarray(0, at);
}

/** Puts emulation prevention bytes back. */
export function escapeNal(raw: Uint8Array): Uint8Array {
  // At worst one byte more for every two.
  const out = new Uint8Array(Math.ceil(raw.length * 1.5) + 1);
  let at = 0;
  let zeros = 0;
  for (const byte of raw) {
    if (zeros >= 2 && byte <= 3) {
      out[at] = 3;
      at += 1;
      zeros = 0;
    }
    out[at] = byte;
    at += 1;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return out.slice(0, at);
}

/** Position of the stop bit (rbsp_trailing_bits): what is before it is payload. */
export function stopBitOf(raw: Uint8Array): number {
  let last = raw.length - 1;
  while (last > 0 && raw[last] === 0) last -= 1;
  const byte = raw[last] ?? 0;
  let low = 0;
  while (low < 7 && ((byte >> low) & 1) === 0) low += 1;
  return last * 8 + (7 - low);
}

/** Reads from the most significant bit on. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, bit = 0) {
    this.#bytes = bytes;
    this.#at = bit;
  }

  /** Bits read so far. */
  get position(): number {
    return this.#at;
  }

  bit(): number {
    if (this.#at >= this.#bytes.length * 8) throw new RangeError('H.264: read beyond the end of a NAL unit');
    const value = ((this.#bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1;
    this.#at += 1;
    return value;
  }

  flag(): boolean {
    return this.bit() === 1;
  }

  /** u(n), up to 32 bits. */
  u(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i += 1) value = value * 2 + this.bit();
    return value;
  }

  /** ue(v). */
  ue(): number {
    let zeros = 0;
    while (this.bit() === 0) {
      zeros += 1;
      if (zeros > 32) throw new RangeError('H.264: an Exp-Golomb number without an end');
    }
    return 2 ** zeros - 1 + this.u(zeros);
  }

  /** se(v). */
  se(): number {
    const code = this.ue();
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
  }
}

/** Writes from the most significant bit on. */
export class BitWriter {
  #bytes: Uint8Array;
  #at = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity + 8);
  }

  /** Bits written so far. */
  get position(): number {
    return this.#at;
  }

  bit(value: number): void {
    this.#room(1);
    if (value !== 0)
      this.#bytes[this.#at >> 3] = (this.#bytes[this.#at >> 3] ?? 0) | (0x80 >> (this.#at & 7));
    this.#at += 1;
  }

  u(value: number, count: number): void {
    for (let i = count - 1; i >= 0; i -= 1) this.bit(Math.floor(value / 2 ** i) % 2);
  }

  ue(value: number): void {
    const length = Math.floor(Math.log2(value + 1));
    this.u(0, length);
    this.u(value + 1, length + 1);
  }

  /** Bits `from` to `to` of other bytes, shifted into place a byte at a time. */
  copy(bytes: Uint8Array, from: number, to: number): void {
    this.#room(to - from);
    let at = from;
    // Bit by bit up to a whole byte of the output, then bytes, then the rest.
    while (at < to && (this.#at & 7) !== 0) {
      this.bit(((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
      at += 1;
    }
    const shift = at & 7;
    for (; at + 8 <= to; at += 8, this.#at += 8) {
      const high = bytes[at >> 3] ?? 0;
      const low = bytes[(at >> 3) + 1] ?? 0;
      this.#bytes[this.#at >> 3] = shift === 0 ? high : ((high << shift) | (low >> (8 - shift))) & 0xff;
    }
    while (at < to) {
      this.bit(((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
      at += 1;
    }
  }

  /** The stop bit and zeros up to a whole byte. */
  trail(): void {
    this.bit(1);
    this.#at = Math.ceil(this.#at / 8) * 8;
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, Math.ceil(this.#at / 8));
  }

  #room(bits: number): void {
    const needed = Math.ceil((this.#at + bits) / 8) + 1;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
