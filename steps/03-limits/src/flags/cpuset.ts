/**
 * A list of processors: `0-2,5` is 0, 1, 2 and 5.
 *
 * @throws {Error} if it isn't one
 */
export function parseCpuset(text: string, flag = '--cpuset-cpus'): number[] {
  if (text === '') return [];
  const numbers = text.split(',').flatMap((range) => {
    const [, first = '', last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(range) ?? [];
    if (first === '' || Number(last) < Number(first)) {
      throw new Error(`Expected ${flag} to be a list such as 0-2,5, got ${JSON.stringify(text)}`);
    }
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, nth) => Number(first) + nth);
  });
  return [...new Set(numbers)].sort((one, other) => one - other);
}
