/** As people sort names with numbers in them, and docker does: v2 before v10. For Array's sort. */
export function naturally(one: string, other: string): number {
  const [mine, theirs] = [parts(one), parts(other)];
  for (const [at, part] of mine.entries()) {
    const its = theirs[at];
    if (its === undefined) return 1;
    if (part !== its) return isNumber(part) && isNumber(its) ? byValue(part, its) : part < its ? -1 : 1;
  }
  return mine.length - theirs.length;
}

/** Runs of digits, and what stands between them. */
function parts(text: string): string[] {
  return text.match(/\d+|\D+/g) ?? [];
}

function isNumber(part: string): boolean {
  return /^\d/.test(part);
}

function byValue(one: string, other: string): number {
  const [mine, theirs] = [BigInt(one), BigInt(other)];
  return mine === theirs ? one.length - other.length : mine < theirs ? -1 : 1;
}
