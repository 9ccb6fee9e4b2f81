import { resolve } from 'node:path';

/** A path of the host's; one that begins with a dot is seen from where the command was typed. */
export function hostPath(path: string): string {
  return path.startsWith('.') ? resolve(process.env.INIT_CWD ?? process.cwd(), path) : path; // pnpm calls us from elsewhere
}
