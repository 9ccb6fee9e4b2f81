import { shuffled } from './statistics.ts';

/** Someone who starts containers, and how long each took. */
export interface Contender {
  readonly name: string;
  /** Starts `times` containers one after another. @returns how long each took, in milliseconds. */
  measure(times: number): Promise<readonly number[]>;
  /** CPU time that it and its containers have used so far, in milliseconds. */
  cpu?(): number;
}

/** How long containers took, and what CPU time they used together; both in milliseconds. */
export interface Taken {
  readonly times: readonly number[];
  readonly cpu?: number;
}

/** How much to measure. */
export interface Amount {
  readonly rounds: number;
  /** Containers of each contender in a row, in each round. */
  readonly batch: number;
  /** Containers of each that go before, unmeasured: V8 compiles what has run often, and the caches fill. */
  readonly warmUp: number;
}

/**
 * Measures contenders round by round, in an order that is new each round: what else the machine does then falls on
 * all of them alike.
 *
 * @param signal - stops it between two batches
 * @returns what each contender took; or why it can't be measured
 */
export async function interleave(
  contenders: readonly Contender[],
  { rounds, batch, warmUp }: Amount,
  signal: AbortSignal,
) {
  const results = new Map<Contender, Taken | Error>();
  for (const contender of contenders) {
    results.set(
      contender,
      await contender.measure(warmUp).then(
        () => ({ times: [] }),
        (error: Error) => error,
      ),
    );
    signal.throwIfAborted();
  }
  for (let round = 0; round < rounds; round++) {
    for (const contender of shuffled(contenders)) {
      const so = results.get(contender);
      if (so && !(so instanceof Error)) results.set(contender, await more(contender, batch, so));
      signal.throwIfAborted();
    }
  }
  return results;
}

async function more(contender: Contender, batch: number, { times, cpu = 0 }: Taken): Promise<Taken> {
  const before = contender.cpu?.();
  const all = [...times, ...(await contender.measure(batch))];
  const after = contender.cpu?.();
  return before === undefined || after === undefined ? { times: all } : { times: all, cpu: cpu + after - before };
}
