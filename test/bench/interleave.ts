import { shuffled } from './statistics.ts';

/** Someone who starts containers, and how long each took. */
export interface Contender {
  readonly name: string;
  /** Starts `times` containers one after another. @returns how long each took, in milliseconds. */
  measure(times: number): Promise<readonly number[]>;
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
 * @returns each contender's times, in milliseconds; or why it can't be measured
 */
export async function interleave(
  contenders: readonly Contender[],
  { rounds, batch, warmUp }: Amount,
  signal: AbortSignal,
) {
  const results = new Map<Contender, number[] | Error>();
  for (const contender of contenders) {
    results.set(
      contender,
      await contender.measure(warmUp).then(
        () => [],
        (error: Error) => error,
      ),
    );
    signal.throwIfAborted();
  }
  for (let round = 0; round < rounds; round++) {
    for (const contender of shuffled(contenders)) {
      const times = results.get(contender);
      if (Array.isArray(times)) times.push(...(await contender.measure(batch)));
      signal.throwIfAborted();
    }
  }
  return results;
}
