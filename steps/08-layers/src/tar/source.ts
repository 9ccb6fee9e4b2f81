const NONE = Buffer.alloc(0);

/**
 * Bytes that come in pieces of any length, asked for in other pieces. What is handed out is good until more is asked for.
 * What needs no waiting isn't waited for: of 64,000 small files, that would be a third of the time.
 */
export class Source {
  readonly #chunks: AsyncIterator<Buffer>;
  #have: Buffer = NONE;
  /** How many bytes of these were taken. */
  #at = 0;
  /** How many bytes were taken. */
  taken = 0;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** As many bytes as asked for, if they have come already. */
  ready(length: number): Buffer | undefined {
    return this.#have.length - this.#at >= length ? this.#cut(length) : undefined;
  }

  /** As many bytes as asked for, or, at the end, fewer. */
  async take(length: number): Promise<Buffer> {
    const ready = this.ready(length);
    if (ready !== undefined) return ready;
    const whole = Buffer.alloc(length);
    let have = 0;
    for (let part = await this.some(length); part.length > 0; part = await this.some(length - have))
      have += part.copy(whole, have);
    return whole.subarray(0, have);
  }

  /** Some bytes, but not more than this; none at the end. */
  async some(most: number): Promise<Buffer> {
    while (most > 0 && this.#have.length === this.#at) {
      this.#have = NONE; // what was read is good no longer
      this.#at = 0;
      const { value, done } = await this.#chunks.next();
      if (done) break;
      this.#have = value;
    }
    return this.#cut(most);
  }

  /** Passes over bytes that have come already. @returns how many of them haven't */
  pass(length: number): number {
    const passed = Math.min(length, this.#have.length - this.#at);
    this.#at += passed;
    this.taken += passed;
    return length - passed;
  }

  /** Passes over bytes. @returns are there so many? */
  async skip(length: number): Promise<boolean> {
    for (let left = this.pass(length); left > 0; ) {
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

  #cut(most: number): Buffer {
    const bytes = this.#have.subarray(this.#at, this.#at + most);
    this.#at += bytes.length;
    this.taken += bytes.length;
    return bytes;
  }
}
