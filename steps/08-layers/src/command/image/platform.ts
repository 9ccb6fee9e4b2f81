import { platformOf } from '../../image/platform.ts';
import type { Image } from '../../store/image.ts';

/** @throws {Error} in docker's words, if an image isn't for the platform of `--platform` */
export function assertPlatform(name: string, { config }: Image, wanted: string | undefined): void {
  if (wanted === undefined) return;
  const { os, architecture } = platformOf(wanted);
  if (config.os === os && config.architecture === architecture) return;
  throw new Error(
    `image with reference ${name} was found but does not provide the specified platform (${wanted}): it is for ${config.os}/${config.architecture}`,
  );
}
