/** A tree of cgroups that is mounted. v2 has one for all controllers; v1 has one for each, or for a few. */
export interface Hierarchy {
  readonly version: 1 | 2;
  /** The topmost cgroup that is ours: where it is mounted, such as /sys/fs/cgroup, or what an ordinary user was given of it. */
  readonly mount: string;
  /** Where it is mounted, if only a part of it is ours. */
  readonly mountedAt?: string;
  /** The cgroup in it that holds every container's: /sys/fs/cgroup/boxstep. */
  readonly parent: string;
  /** What it controls: `pids`, `memory`, `cpu` … */
  readonly controllers: readonly string[];
  readonly readOnly: boolean;
}
