import { containerPath } from 'step-10';

/** The file in which a container's shim writes down how it ended: it says nothing as long as it runs. */
export function statusPath(id: string): string {
  return `${containerPath(id)}/status`;
}

/** The file that what it writes goes to. */
export function logPath(id: string): string {
  return `${containerPath(id)}/log`;
}
