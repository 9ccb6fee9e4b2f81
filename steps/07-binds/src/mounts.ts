import type { Mount } from './mount.ts';

/** What was asked for, by where it was said. */
export interface Asked {
  /** `--volumes-from`: what other containers have. */
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
 * The mounts of a container: one for each place, and one that lies below another comes after it. Of several at one place
 * counts what was said most plainly:
 *
 * - Two `named` ones are an error, and so are a `named` and a `tmpfs` one.
 * - Of two `tmpfs` ones, and of two `fromOthers`, the last counts.
 * - `named` and `tmpfs` ones come before `fromOthers`, and an `anonymous` one gives way to any other.
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
