import type { ToldOptions } from '../containers/record.ts';

/** A stream that `run -a` connects the caller with. */
export type AttachedStream = 'stdin' | 'stdout' | 'stderr';

/** The value of --attach, which may be given several times. @throws {Error} in docker's words */
export function attachedStream(text: string, before: readonly AttachedStream[] = []): AttachedStream[] {
  const name = text.toLowerCase();
  if (name === 'stdin' || name === 'stdout' || name === 'stderr') return [...before, name];
  throw new Error('valid streams are STDIN, STDOUT and STDERR');
}

/** Is the caller connected with a container's stream at its start: one that was named or, unless one was, each? */
export function isAttached({ typed }: Pick<ToldOptions, 'typed'>, stream: AttachedStream): boolean {
  const { detach = false, attach } = typed.flags as { detach?: boolean; attach?: readonly AttachedStream[] };
  return attach?.includes(stream) ?? !detach;
}
