import type { ContainerRecord } from './container.ts';
import type { Options } from './options.ts';
import { lowersOf } from './root.ts';
import type { ContainerConfig } from './store/image.ts';

/** What is written down of a container. */
export function recordOf(options: Options): ContainerRecord {
  const { name, keep, image } = options;
  return { name, keep, ...(image && { image: image.id }), lowers: lowersOf(options), config: configOf(options) };
}

/** The config of an image that containers like this one could be of: docker's commit keeps what a container was told. */
function configOf({ image, typed, env, user, workdir, command }: Options): ContainerConfig {
  const { flags, args } = typed;
  const config = image?.config.config ?? {};
  const entrypoint = flags.entrypoint === undefined ? config.Entrypoint : [flags.entrypoint].filter(Boolean);
  const rest = args.length > 0 || flags.entrypoint !== undefined ? args : config.Cmd;
  return {
    ...config,
    ...(env.length > 0 && { Env: itsFirst(env, config.Env ?? []) }),
    ...(user !== '' && { User: user }),
    ...(workdir !== '/' && { WorkingDir: workdir }),
    ...(entrypoint && { Entrypoint: entrypoint as string[] }),
    Cmd: image ? (rest ?? null) : command,
  };
}

/** One of each name, and those of the image last, as docker has them. @param all - the image's, then the container's */
function itsFirst(all: readonly string[], ofImage: readonly string[]): string[] {
  const byName = new Map([...all.slice(ofImage.length), ...ofImage].map((entry) => [nameOf(entry), entry]));
  for (const entry of all) byName.set(nameOf(entry), entry); // in their places: the last one counts
  return [...byName.values()];
}

function nameOf(entry: string): string | undefined {
  return entry.split('=', 1)[0];
}
