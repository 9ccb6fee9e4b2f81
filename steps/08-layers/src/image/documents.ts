import { z } from 'zod';

/**
 * The JSON documents of an image, as the OCI image spec has them, and docker, which writes null for what isn't there.
 *
 * @see {@link https://github.com/opencontainers/image-spec/tree/main/schema | the spec's JSON schemas}
 */

const mediaType = z.string().regex(/^[A-Za-z0-9][\w!#$&^.+-]{0,126}\/[A-Za-z0-9][\w!#$&^.+-]{0,126}$/);

const digest = z
  .string()
  .regex(/^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[\w=-]+$/)
  .refine((text) => !text.startsWith('sha256:') || /^sha256:[a-f0-9]{64}$/.test(text), 'is no SHA-256');

const strings = z.record(z.string(), z.string());
const emptyObjects = z.record(z.string(), z.looseObject({}));

const descriptor = z.looseObject({
  mediaType,
  digest,
  size: z.int().min(0),
  urls: z.array(z.url()).nullish(),
  data: z.base64().nullish(),
  artifactType: mediaType.nullish(),
  annotations: strings.nullish(),
  platform: z.looseObject({ architecture: z.string(), os: z.string(), variant: z.string().nullish() }).nullish(),
});

const common = {
  schemaVersion: z.literal(2),
  mediaType: mediaType.nullish(),
  subject: descriptor.nullish(),
  annotations: strings.nullish(),
};

const containerConfig = z.looseObject({
  User: z.string().nullish(),
  ExposedPorts: emptyObjects.nullish(),
  Env: z.array(z.string().regex(/^[^=]+=/, 'is not NAME=VALUE')).nullish(),
  Entrypoint: z.array(z.string()).nullish(),
  Cmd: z.array(z.string()).nullish(),
  Volumes: emptyObjects.nullish(),
  WorkingDir: z.string().nullish(),
  Labels: strings.nullish(),
  StopSignal: z.string().nullish(),
});

const history = z.looseObject({
  created: z.string().nullish(),
  author: z.string().nullish(),
  created_by: z.string().nullish(),
  comment: z.string().nullish(),
  empty_layer: z.boolean().nullish(),
});

/** Each kind of document. */
const DOCUMENTS = {
  'image layout': z.looseObject({ imageLayoutVersion: z.literal('1.0.0') }),
  index: z.looseObject({ ...common, manifests: z.array(descriptor) }),
  manifest: z.looseObject({ ...common, config: descriptor, layers: z.array(descriptor).min(1, 'there is no layer') }),
  config: z.looseObject({
    architecture: z.string(),
    os: z.string(),
    variant: z.string().nullish(),
    created: z.string().nullish(),
    author: z.string().nullish(),
    config: containerConfig.nullish(),
    rootfs: z.looseObject({ type: z.literal('layers'), diff_ids: z.array(digest).nullish() }),
    history: z.array(history).nullish(),
  }),
  /** Of an archive that `docker save` made. */
  'manifest.json': z.array(
    z.looseObject({
      Config: z.string(),
      RepoTags: z.array(z.string()).nullish(),
      Layers: z.array(z.string()).nullish(),
    }),
  ),
} as const;

export type Kind = keyof typeof DOCUMENTS;
export type Document<K extends Kind> = z.infer<(typeof DOCUMENTS)[K]>;

/** The bytes that a document may have: more than any has, and little enough to be read into memory. */
export const LONGEST_DOCUMENT = 4 << 20;

/**
 * Reads a document.
 *
 * @throws {Error} that says which value isn't as it must be
 */
export function parseDocument<K extends Kind>(kind: K, text: string): Document<K> {
  const result = DOCUMENTS[kind].safeParse(parseJson(kind, text));
  if (result.success) return result.data as Document<K>;
  const [{ path, message }] = result.error.issues as [z.core.$ZodIssue];
  const where = path.length === 0 ? '' : `${path.join('.')}: `;
  throw new Error(`its ${kind} isn't as it must be: ${where}${message}`);
}

function parseJson(kind: Kind, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`its ${kind} is not JSON: ${(error as Error).message}`);
  }
}
