import { typedPath } from 'step-06';

/** A path of the host's; one that begins with a dot is seen from where the command was typed. */
export function hostPath(path: string): string {
  return path.startsWith('.') ? typedPath(path) : path;
}
