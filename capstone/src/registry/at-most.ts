/** Lets only so many of what is asked for go on at a time; the others wait in line. */
export function atMost(most: number): <T>(doing: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let going = 0;
  return async (doing) => {
    if (going === most) await new Promise<void>((resolve) => waiting.push(resolve));
    else going += 1;
    try {
      return await doing();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else going -= 1;
    }
  };
}
