import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Is a program on PATH, or where root's PATH would have it? */
export function installed(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => existsSync(join(folder, program)));
}
