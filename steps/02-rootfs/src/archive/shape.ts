import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { shellLine } from 'step-01';

/** What the root of a root filesystem holds, mostly: one of these is there. */
const HIERARCHY = ['bin', 'sbin', 'usr', 'etc', 'lib'];

/**
 * Are these the names at the top of an image, as `docker save` and OCI layouts have it, which holds root filesystems in
 * layers and is none?
 *
 * @see {@link https://github.com/opencontainers/image-spec/blob/main/image-layout.md | OCI image layout}
 */
export function isImage(names: readonly string[]): boolean {
  const is = (...wanted: string[]) => wanted.every((name) => names.includes(name));
  return !names.some((name) => HIERARCHY.includes(name)) && (is('manifest.json') || is('oci-layout', 'index.json'));
}

export const AN_IMAGE =
  "it's an image, with root filesystems in layers, and step 8 reads those; for what is in a container of it, type: docker create --name c IMAGE && docker export c > c.tar";

/**
 * What a root filesystem may be instead, if no program was found in it: an image; or one whose tree lies further down.
 *
 * @param archive - what it was unpacked from, if it was
 * @returns a line for the person who typed its name, or undefined
 */
export function whatElse(rootfs: string, archive: string | undefined): string | undefined {
  const names = readdirSync(rootfs);
  if (isImage(names)) return `${archive ?? rootfs} is no root filesystem: ${AN_IMAGE}`;
  if (names.some((name) => HIERARCHY.includes(name))) return undefined;
  const below = names.find((name) => HIERARCHY.some((part) => existsSync(join(rootfs, name, part))));
  if (below === undefined) return undefined;
  if (archive === undefined) return `the root filesystem seems to be ${join(rootfs, below)}: give that directory`;
  const packed = `tar -C ${shellLine([below])} -cf ${shellLine([`${below}.tar`])} .`;
  return `the root filesystem seems to lie below ${below}/ in ${archive}: unpack that, and pack it without: ${packed}`;
}
