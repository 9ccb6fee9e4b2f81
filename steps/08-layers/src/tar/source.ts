/**
 * Bytes that come in pieces of any length, asked for in other pieces. What is handed out is good until more is asked for.
 */
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
    if (this.#have.length >= length) return this.#cut(length);
    const whole = Buffer.alloc(length);
    let have = 0;
    for (let part = await this.some(length); part.length > 0; part = await this.some(length - have))
      have += part.copy(whole, have);
    return whole.subarray(0, have);
  }

  /** Some bytes, but not more than this; none at the end. */
  async some(most: number): Promise<Buffer> {
    while (most > 0 && this.#have.length === 0) {
      const { value, done } = await this.#chunks.next();
      if (done) break;
      this.#have = value;
    }
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

  /** No more is wanted. */
  async end(): Promise<void> {
    await this.#chunks.return?.();
  }

  #cut(length: number): Buffer {
    const bytes = this.#have.subarray(0, length);
    this.#have = this.#have.subarray(bytes.length);
    this.taken += bytes.length;
    return bytes;
  }
}
