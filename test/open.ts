import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Can a user that is given up for another one still come to a folder? Root's home is closed; whoever isn't root stays who they are. */
export function isOpen(folder: string): boolean {
  if (process.geteuid?.() !== 0) return true;
  const above = dirname(folder);
  return (statSync(folder).mode & 0o001) !== 0 && (above === folder || isOpen(above));
}
