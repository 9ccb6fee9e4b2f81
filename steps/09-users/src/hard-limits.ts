import { ownLimit, type Ulimit } from 'step-08';

// #region above one's own hard limit
/**
 * Limits whose hard limit is above this process's. To raise that takes CAP_SYS_RESOURCE on the host, which root of a user
 * namespace hasn't got: so it is raised before, and for now nothing else is changed.
 */
export function toRaise(ulimits: readonly Ulimit[]): Ulimit[] {
  return ulimits.flatMap(({ name, hard }) => {
    const own = ownLimit(name);
    return BigInt.asUintN(64, hard) > BigInt.asUintN(64, own.hard) ? [{ ...own, hard }] : [];
  });
}
// #endregion
