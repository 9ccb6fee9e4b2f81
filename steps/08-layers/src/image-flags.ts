import type { ContainerConfig } from './store/image.ts';

/** The flags for which an image's config may supply a value, as the earlier steps' parsers return them. */
export interface ConfigFlags {
  readonly user?: string;
  readonly workdir?: string;
  readonly entrypoint?: string;
}

/** A command line combined with an image's config. */
export interface WithConfig {
  readonly command: readonly string[];
  readonly user: string;
  readonly workdir: string;
  /** The image's variables: those of flags and files come after them. */
  readonly env: readonly string[];
  /** Ports as `80/tcp`, and places of volumes: those of flags come besides. */
  readonly exposed: readonly string[];
  readonly volumes: readonly string[];
}

// #region a config is flags that nobody typed
/**
 * Combines an image's config with the command line, which takes precedence. If you give another entrypoint, the image's
 * command isn't used, because it was meant for the old one.
 *
 * @param args - the arguments after the image's name
 * @throws {Error} if there is nothing to run
 */
export function withConfig(config: ContainerConfig, flags: ConfigFlags, args: readonly string[]): WithConfig {
  // #region task 3: a config is flags that nobody typed
  const replaced = flags.entrypoint !== undefined;
  const entrypoint = replaced ? [flags.entrypoint].filter(Boolean) : (config.Entrypoint ?? []);
  const rest = args.length > 0 || replaced ? args : (config.Cmd ?? []);
  const command = [...entrypoint, ...rest] as string[];
  if (command.length === 0) throw new Error('no command specified');
  return {
    command,
    user: flags.user || config.User || '',
    workdir: flags.workdir ?? (config.WorkingDir || '/'),
    env: config.Env ?? [],
    exposed: Object.keys(config.ExposedPorts ?? {}),
    volumes: Object.keys(config.Volumes ?? {}),
  };
  // #endregion
}
// #endregion
