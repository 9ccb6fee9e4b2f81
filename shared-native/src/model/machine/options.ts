import type { IdRange, Limit, UserNamespace } from '../state.ts';
import type { Tree } from './tree.ts';

/** A cgroup hierarchy that is mounted. */
export interface MountedHierarchy {
  readonly version: 1 | 2;
  readonly mount: string;
  readonly controllers: readonly string[];
  readonly name?: string;
}

/** What a machine is like on which a process has just been started. All of it has defaults. */
export interface Machine {
  /** The host's files, besides those that every host has. */
  readonly tree?: Tree;
  /** The namespaces that the process is born into: CLONE_NEW* flags. */
  readonly clone?: number;
  /** What was written to its maps, where it is born into a user namespace: ids outside are the host's. */
  readonly uidMap?: readonly IdRange[];
  readonly gidMap?: readonly IdRange[];
  readonly setgroups?: 'allow' | 'deny';
  /** Who starts it. */
  readonly uid?: number;
  readonly gid?: number;
  readonly groups?: readonly number[];
  /** By default, all for root and none for others. */
  readonly capabilities?: bigint;
  readonly bounding?: bigint;
  readonly hierarchies?: readonly MountedHierarchy[];
  /** Mounts besides the usual ones, in this order. */
  readonly mounts?: readonly {
    readonly type: string;
    readonly at: string;
    readonly flags?: number;
    readonly data?: string;
    readonly source?: string;
  }[];
  /** Are all mounts shared, as systemd makes them? True unless given. */
  readonly shared?: boolean;
  /** Descriptors that it inherits, besides 0, 1 and 2 (pipes, closed by execve): a path of the host's, open for reading. */
  readonly open?: Readonly<Record<number, string>>;
  /** User namespaces that it has descriptors of, and nobody is in, by number: for ID-mapped mounts. */
  readonly userNamespaces?: Readonly<Record<number, Pick<UserNamespace, 'uidMap' | 'gidMap'>>>;
  readonly hostname?: string;
  readonly umask?: number;
  readonly limits?: Readonly<Record<number, Limit>>;
  readonly cpus?: number;
  /** Filesystems that the kernel has, besides those that the model can mount. */
  readonly filesystems?: readonly string[];
  readonly lastCapability?: number;
  readonly others?: readonly { readonly hostPid: number; readonly uid?: number; readonly gid?: number }[];
  /** Signals that it ignores, handles, and holds back at the start. */
  readonly ignored?: readonly number[];
  readonly handled?: readonly number[];
  readonly blocked?: bigint;
}
