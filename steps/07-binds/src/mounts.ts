import type { Mount } from './mount.ts';

/** The mounts asked for, by flag. */
export interface Asked {
  /** `--volumes-from`: other containers' mounts. */
  readonly fromOthers: readonly Mount[];
  /** `-v SOURCE:TARGET`, and `--mount`. */
  readonly named: readonly Mount[];
  /** `--tmpfs`. */
  readonly tmpfs: readonly Mount[];
  /** `-v TARGET`. */
  readonly anonymous: readonly Mount[];
}

// #region one mount for each place
/**
 * The mounts of a container: one for each place, and each before those below it. If there are several for one place:
 *
 * - Two `named` ones are an error, and so are a `named` and a `tmpfs` one.
 * - Of two `tmpfs` ones, and of two `fromOthers`, the last one wins.
 * - `named` and `tmpfs` ones win over `fromOthers`, and any other wins over an `anonymous` one.
 *
 * @throws {Error} `Duplicate mount point: /data`
 */
export function oneForEachPlace({ fromOthers, named, tmpfs, anonymous }: Asked): Mount[] {
  // #region task 2: one mount for each place
  const taken = new Set(tmpfs.map(({ target }) => target));
  for (const { target } of named) {
    if (taken.has(target)) throw new Error(`Duplicate mount point: ${target}`);
    taken.add(target);
  }
  const byTarget = new Map([...anonymous, ...fromOthers, ...named, ...tmpfs].map((mount) => [mount.target, mount]));
  const depth = ({ target }: Mount) => target.split('/').length;
  return [...byTarget.values()].sort((one, other) => depth(one) - depth(other));
  // #endregion
}
// #endregion
