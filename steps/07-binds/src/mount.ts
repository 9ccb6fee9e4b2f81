import type { PlaceKind } from './place.ts';
import type { DriverOptions } from './volumes/device.ts';

/** What reaches from the source of a bind mount into the container, and back: mount_namespaces(7), "Shared subtrees". */
export type Propagation = 'private' | 'rprivate' | 'slave' | 'rslave' | 'shared' | 'rshared';

interface Place {
  /** Where in the container: an absolute path, as it was given but for dots and double slashes. */
  readonly target: string;
  readonly readOnly: boolean;
}

/** Files of the host's, seen in the container as well. */
export interface Bind extends Place {
  readonly type: 'bind';
  /** An absolute path of the host's. */
  readonly source: string;
  readonly propagation: Propagation;
  /** Does it come with what is mounted below it? */
  readonly recursive: boolean;
  /** Where it may only be read: does that go for what is mounted below it as well? */
  readonly readOnlyBelow: boolean;
  /** Is a directory made where the source is missing? */
  readonly makeSource: boolean;
  /** What the source will be, where a later step makes it just before it is mounted. */
  readonly sourceKind?: PlaceKind;
}

/** A directory that outlives containers, or, without a name that somebody gave it, one that doesn't. */
export interface VolumeMount extends Place {
  readonly type: 'volume';
  /** Empty until it is given one. */
  readonly name: string;
  readonly anonymous: boolean;
  /** Does it take over what the root has there, as long as it is empty? */
  readonly copy: boolean;
  /** A path in the volume that is to be mounted in place of all of it; empty for all. */
  readonly subpath: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What is mounted on it, if it is made for this container: as those of `volume create -o`. */
  readonly options?: DriverOptions;
}

/** A filesystem in memory. */
export interface TmpfsMount extends Place {
  readonly type: 'tmpfs';
  /** As mount(8) has them, such as `size=64m` and `exec`; of two that contradict each other, the last counts. */
  readonly options: readonly string[];
}

export type Mount = Bind | VolumeMount | TmpfsMount;

/** A mount as `-v` or `--mount` says it, before anybody has asked whether that can be. */
export interface MountSpec {
  readonly type: string;
  readonly source?: string;
  readonly target?: string;
  readonly readOnly?: boolean;
  readonly bind?: {
    readonly propagation?: string;
    readonly nonRecursive?: boolean;
    /** What is mounted below may be written though the mount itself may not. */
    readonly readOnlyNonRecursive?: boolean;
    readonly readOnlyForceRecursive?: boolean;
    readonly createSource?: boolean;
  };
  readonly volume?: {
    readonly noCopy?: boolean;
    readonly labels?: Readonly<Record<string, string>>;
    readonly driver?: string;
    readonly driverOptions?: Readonly<Record<string, string>>;
    readonly subpath?: string;
  };
  readonly tmpfs?: { readonly size?: number; readonly mode?: number };
  readonly image?: { readonly subpath?: string };
}
