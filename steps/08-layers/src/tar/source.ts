/** Bytes that come in pieces of any length, asked for in other pieces. */
export class Source {
  readonly #chunks: AsyncIterator<Buffer>;
  #have: Buffer = Buffer.alloc(0);
  /** How many bytes were taken. */
  taken = 0;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** As many bytes as asked for, or, at the end, fewer. */
  async take(length: number): Promise<Buffer> {
    if (this.#have.length < length) await this.#fill(length);
    return this.#cut(length);
  }

  /** Some bytes, but not more than this; none at the end. */
  async some(most: number): Promise<Buffer> {
    if (this.#have.length === 0) await this.#fill(1);
    return this.#cut(most);
  }

  /** Passes over bytes. @returns are there so many? */
  async skip(length: number): Promise<boolean> {
    for (let left = length; left > 0; ) {
      const passed = (await this.some(left)).length;
      if (passed === 0) return false;
      left -= passed;
    }
    return true;
  }

  #cut(length: number): Buffer {
    const bytes = this.#have.subarray(0, length);
    this.#have = this.#have.subarray(bytes.length);
    this.taken += bytes.length;
    return bytes;
  }

  async #fill(length: number): Promise<void> {
    const pieces = [this.#have];
    for (let have = this.#have.length; have < length; ) {
      const { value, done } = await this.#chunks.next();
      if (done) break;
      pieces.push(value);
      have += value.length;
    }
    this.#have = pieces.length === 1 ? this.#have : Buffer.concat(pieces);
  }
}
