/** The media types of images: those of the OCI image spec (media-types.md), and docker's, which mean the same. */

export const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
export const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json';
/** Of a layer that isn't compressed; `+gzip` or `+zstd` follows otherwise. */
export const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar';

const INDEXES = [INDEX_TYPE, 'application/vnd.docker.distribution.manifest.list.v2+json'];
const MANIFESTS = [MANIFEST_TYPE, 'application/vnd.docker.distribution.manifest.v2+json'];

const LAYER =
  /^application\/(vnd\.oci\.image\.layer\.(nondistributable\.)?v1\.tar(\+gzip|\+zstd)?|vnd\.docker\.image\.rootfs\.(foreign\.)?diff\.tar(\.gzip|\.zstd)?)$/;

export function isIndex(mediaType: string): boolean {
  return INDEXES.includes(mediaType);
}

export function isManifest(mediaType: string): boolean {
  return MANIFESTS.includes(mediaType);
}

/** How it's compressed its first bytes say, as with docker; but what is no tar at all is no layer. */
export function assertLayerType(mediaType: string): void {
  if (!LAYER.test(mediaType))
    throw new Error(`a layer of the type ${mediaType} is not a tar archive, and can't be unpacked`);
}
