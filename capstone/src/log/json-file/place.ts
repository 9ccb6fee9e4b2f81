import { join } from 'node:path';
import { containerPath } from 'step-10';

/** The file of lines of JSON, as docker calls it. */
export function jsonPath(id: string): string {
  return join(containerPath(id), `${id}-json.log`);
}

/** The directory whose lock what writes that file has; it is also where it writes down how far it is. */
export function makingPath(id: string): string {
  return join(containerPath(id), 'json-file');
}
