import { existsSync } from 'node:fs';
import { familiarName, findImage, type Image, parseReference, put, STDERR, typedPath, withTag } from 'step-10';

/** When `run` and `create` pull the image of a container. */
export type PullPolicy = 'always' | 'missing' | 'never';

export interface ProvideOptions {
  readonly pull: PullPolicy;
  /** As `--platform` has it. */
  readonly platform?: string | undefined;
  /** Is nothing to be said of it? */
  readonly quiet?: boolean | undefined;
}

/** The policy that `--pull` means. @throws {Error} if it's none */
export function pullPolicy(text: string): PullPolicy {
  if (text === 'always' || text === 'missing' || text === 'never') return text;
  throw new Error(`invalid pull option: '${text}': must be one of "always", "missing" or "never"`);
}

/**
 * Sees to it that the image of a new container is in the store. What pulls it is loaded only if that's needed.
 *
 * @param name - as it was typed. A directory or an archive is no image, and an id can't be pulled
 * @throws {Error} if it can't be fetched, or mustn't be pulled
 */
export async function provideImage(name: string, options: ProvideOptions): Promise<void> {
  if (/^\.{0,2}(\/|$)/.test(name)) return;
  const found = findImage(name);
  if (found === undefined && existsSync(typedPath(name))) return;
  if (found && (options.pull !== 'always' || isIdOf(found, name)) && isFor(found, name, options)) return;
  const reference = withTag(parseReference(name));
  if (options.pull === 'never') throw new Error(`No such image: ${familiarName(reference)}`);
  const quiet = options.quiet ?? false;
  if (!found && !quiet) put(`Unable to find image '${familiarName(reference)}' locally\n`, STDERR);
  const { pullAndTell } = await import('./tell.ts');
  await pullAndTell(reference, { platform: options.platform, quiet, to: STDERR });
}

function isIdOf({ id }: Image, name: string): boolean {
  return id.startsWith(name) || id.startsWith(`sha256:${name}`);
}

/** @throws {Error} if it isn't, and another mustn't be pulled */
function isFor({ config: { os, architecture } }: Image, name: string, { platform, pull }: ProvideOptions): boolean {
  if (platform === undefined || `${platform}/`.startsWith(`${os}/${architecture}/`)) return true;
  if (pull !== 'never') return false;
  throw new Error(
    `image with reference ${name} was found but does not match the specified platform: wanted ${platform}, actual: ${os}/${architecture}`,
  );
}
