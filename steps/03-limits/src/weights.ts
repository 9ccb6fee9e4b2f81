// #region shares and weights
/**
 * v1's CPU shares, 2 to 262144, as v2's weight, 1 to 10000. A straight line between the ends would make of the usual
 * 1024 a weight of 39, where the usual weight is 100: a container with the usual shares would get less than half of what
 * its neighbours get. So runc and crun lay a curve through all three points since 2025:
 * {@link https://github.com/opencontainers/runc/pull/4785 | runc}, {@link https://github.com/containers/crun/issues/1721 | crun}.
 */
export function cpuWeight(shares: number): number {
  // #region task 4: shares become a weight
  if (shares <= 2) return 1;
  if (shares >= 262_144) return 10_000;
  const log = Math.log2(shares);
  return Math.ceil(10 ** ((log * log + 125 * log) / 612 - 7 / 34));
  // #endregion
}

/** v1's weight of disk time, 10 to 1000, as v2's, 1 to 10000, as runc's ConvertBlkIOToIOWeightValue has it. */
export function ioWeight(weight: number): number {
  return 1 + Math.floor(((weight - 10) * 9999) / 990);
}
// #endregion
