/** A stream that `run -a` connects the caller with. */
export type AttachedStream = 'stdin' | 'stdout' | 'stderr';

/** The value of --attach, which may be given several times. @throws {Error} in docker's words */
export function attachedStream(text: string, before: readonly AttachedStream[] = []): AttachedStream[] {
  const name = text.toLowerCase();
  if (name === 'stdin' || name === 'stdout' || name === 'stderr') return [...before, name];
  throw new Error('valid streams are STDIN, STDOUT and STDERR');
}
