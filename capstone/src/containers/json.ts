/** JSON of a value that may have numbers which JSON lacks: those without end, and those beyond 2^53. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, one) => {
    if (typeof one === 'bigint') return { $bigint: String(one) };
    return typeof one === 'number' && !Number.isFinite(one) ? { $number: String(one) } : one;
  });
}

/** What `toJson` was given. @throws {SyntaxError} if it isn't JSON */
export function fromJson(text: string): unknown {
  const value = JSON.parse(text);
  return text.includes('{"$') ? revived(value) : value; // most records have no such number, and `ps` reads every record
}

/** In place, where it can be. A reviver of JSON.parse takes six times as long. */
function revived(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { $bigint, $number } = value as Record<string, unknown>;
  if (typeof $bigint === 'string') return BigInt($bigint);
  if (typeof $number === 'string') return Number($number);
  const those = value as Record<string, unknown>;
  for (const key of Object.keys(those)) {
    const one = those[key];
    if (typeof one === 'object') those[key] = revived(one);
  }
  return value;
}
