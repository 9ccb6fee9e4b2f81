const UNITS: Readonly<Record<string, number>> = {
  ...{ ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6 },
  ...{ s: 1e9, m: 60e9, h: 3600e9 },
};

/** A time as Go's time.ParseDuration reads it: `1m30s`, `-500ms`, `1.5h`. @returns nanoseconds @throws {Error} if it is none */
export function nanoseconds(text: string, flag: string): number {
  const [, sign = '', rest = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  if (rest === '0') return 0;
  const parts = [...rest.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|[smh])/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== rest)
    throw new Error(
      `invalid argument ${JSON.stringify(text)} for "${flag}" flag: time: invalid duration ${JSON.stringify(text)}`,
    );
  const all = parts.reduce((sum, [, number, unit]) => sum + Number(number) * (UNITS[unit as string] as number), 0);
  return Math.round(sign === '-' ? -all : all);
}
