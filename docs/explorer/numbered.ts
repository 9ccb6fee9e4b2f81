/** Values that are kept once each, under a number. */
export class Numbered<T> {
  readonly all: T[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(value: T): number {
    const text = JSON.stringify(value);
    const number = this.#numbers.get(text) ?? this.all.push(value) - 1;
    this.#numbers.set(text, number);
    return number;
  }
}
