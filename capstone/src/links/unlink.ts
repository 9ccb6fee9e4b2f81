import { find, NoSuchContainer } from '../containers/find.ts';
import { whileLocked } from '../containers/lock.ts';
import { readRecord, writeRecord } from '../containers/record.ts';

/**
 * Removes a link by its name, `client/db`, and no container. A client that runs keeps it in its /etc/hosts until it is started anew.
 *
 * @throws {Error} in docker's words, if it is no link's name
 */
export async function unlink(name: string): Promise<void> {
  const [client = '', alias, ...more] = name.replace(/^\/+|\/+$/g, '').split('/');
  if (alias === undefined) {
    find(client);
    throw new Error('Conflict, cannot remove the default link name of the container');
  }
  const { id } = found(client, name);
  await whileLocked(id, () => {
    const record = readRecord(id);
    const links = record?.links?.filter((link) => link.alias !== alias) ?? [];
    if (!record || more.length > 0 || links.length === (record.links?.length ?? 0)) throw new NoSuchContainer(name);
    writeRecord({ ...record, links });
  });
}

/** docker looks for the whole name. */
function found(client: string, name: string) {
  try {
    return find(client);
  } catch (error) {
    throw error instanceof NoSuchContainer ? new NoSuchContainer(name) : error;
  }
}
