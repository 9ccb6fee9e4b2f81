/** JSON of a value that may have numbers which JSON lacks: those without end, and those beyond 2^53. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, one) => {
    if (typeof one === 'bigint') return { $bigint: String(one) };
    return typeof one === 'number' && !Number.isFinite(one) ? { $number: String(one) } : one;
  });
}

/** What `toJson` was given. @throws {SyntaxError} if it isn't JSON */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_, one) => {
    if (typeof one !== 'object' || one === null) return one;
    if (typeof one.$bigint === 'string') return BigInt(one.$bigint);
    return typeof one.$number === 'string' ? Number(one.$number) : one;
  });
}
