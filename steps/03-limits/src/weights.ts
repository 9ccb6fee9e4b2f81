// #region shares and weights
/**
 * Converts v1's CPU shares, 2 to 262144, to v2's weight, 1 to 10000. A straight line between the ends would turn the
 * default of 1024 shares into a weight of 39, where the default is 100: a container with default shares would get less
 * than half of its neighbours' time. So since 2025, runc and crun use a curve through all three points:
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

/** Converts v1's weight of disk time, 10 to 1000, to v2's, 1 to 10000, as runc's ConvertBlkIOToIOWeightValue does. */
export function ioWeight(weight: number): number {
  return 1 + Math.floor(((weight - 10) * 9999) / 990);
}
// #endregion
