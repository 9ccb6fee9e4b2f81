/** Names content by its SHA-256: `sha256:` and 64 hexadecimal digits. */
export type Digest = `sha256:${string}`;

/** What a manifest says of a blob (OCI image spec, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** In bytes. */
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What an image is made of (OCI image spec, manifest.md). Docker's schema 2 is the same under other media types. */
export interface Manifest {
  readonly schemaVersion: 2;
  readonly mediaType?: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** A layer of an image in the store. */
export interface Layer extends Descriptor {
  /** Of the tar archive, however the blob is compressed. */
  readonly diffId: Digest;
  /** Of this layer on those below it: two images have the same one if all of that is the same (OCI image spec, config.md). */
  readonly chainId: Digest;
  /** Where it is unpacked, as a lower directory of an overlay. */
  readonly directory: string;
}

/** An image of the store. */
export interface Image {
  /** That of its config, as docker has it. */
  readonly id: Digest;
  /** The digest of its manifest. */
  readonly manifest: Digest;
  readonly config: ImageConfig;
  /** The lowest first. */
  readonly layers: readonly Layer[];
}

/** The config of an image (OCI image spec, config.md), with docker's additions. */
export interface ImageConfig {
  readonly architecture: string;
  readonly os: string;
  readonly created?: string;
  readonly author?: string;
  /** Docker's: why it was committed, and by which version. */
  readonly comment?: string;
  readonly docker_version?: string;
  readonly variant?: string | undefined;
  readonly config?: ContainerConfig;
  readonly rootfs: { readonly type: 'layers'; readonly diff_ids: readonly Digest[] };
  readonly history?: readonly History[];
}

/** What containers of an image get unless a flag says otherwise. */
export interface ContainerConfig {
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly Volumes?: Readonly<Record<string, object>> | null;
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly StopSignal?: string;
  /** How it is asked whether it is well. Times are nanoseconds. */
  readonly Healthcheck?: {
    readonly Test?: readonly string[];
    readonly Interval?: number;
    readonly Timeout?: number;
    readonly StartPeriod?: number;
    readonly StartInterval?: number;
    readonly Retries?: number;
  };
}

/** One line of `image history`. */
export interface History {
  readonly created?: string;
  readonly author?: string;
  readonly created_by?: string;
  readonly comment?: string;
  readonly empty_layer?: boolean;
}
