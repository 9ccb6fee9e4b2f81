/** Tells how far a class is: on a terminal in one line that is written over, otherwise a line for each student. */
export class Progress {
  #total: number;
  #done = 0;
  #began = performance.now();

  constructor(total: number) {
    this.#total = total;
  }

  one(text: string): void {
    this.#done += 1;
    const line = `${String(this.#done).padStart(String(this.#total).length)}/${this.#total}  ${this.#rate()}  ${text}`;
    if (!process.stderr.isTTY) process.stderr.write(`${line}\n`);
    else process.stderr.write(`\r\x1b[K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  }

  /** @returns what it came to: `300 in 4 min 10 s, 1.2 a second` */
  end(): string {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    return `${this.#done} in ${duration(this.#seconds())}, ${(this.#done / this.#seconds()).toFixed(2)} a second`;
  }

  #rate(): string {
    const rate = this.#done / this.#seconds();
    return `${rate.toFixed(rate < 1 ? 2 : 1)}/s, ${duration((this.#total - this.#done) / rate)} left`;
  }

  #seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }
}

/** `4 min 10 s` */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
