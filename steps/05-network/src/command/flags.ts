/** The flags of `network create`, as commander gives them. */
export interface CreateFlags {
  driver?: string;
  subnet?: string[];
  gateway?: string[];
  ipRange?: string[];
  ipv4?: boolean;
  ipv6?: boolean;
  internal?: boolean;
  opt?: Record<string, string>;
  label?: Record<string, string>;
  attachable?: boolean;
  configFrom?: string;
  configOnly?: boolean;
  ingress?: boolean;
  auxAddress?: Record<string, string>;
  ipamOpt?: Record<string, string>;
}

/** The flags of `network ls`. */
export interface ListFlags {
  filter?: string[];
  format?: string;
  quiet?: boolean;
  /** False for `--no-trunc`. */
  trunc: boolean;
}
