import { containerName } from 'step-10';
import { tell } from './containers/event.ts';
import { whileLocked } from './containers/lock.ts';
import { dropName, takeName, whileNaming } from './containers/names.ts';
import { writeRecord } from './containers/record.ts';
import { settled } from './end.ts';

/** Gives a container another name. @throws {Error} if it is not a name, or another container's: the cause is {NameTaken} */
export function rename(id: string, wanted: string): Promise<void> {
  const name = allocated(() => named(wanted));
  return whileLocked(id, async () => {
    const record = await settled(id);
    if (record.name === name) throw new Error('Renaming a container with the same name as its current name');
    const renamed = { ...record, name };
    whileNaming(() => {
      allocated(() => takeName(name, id));
      writeRecord(renamed); // from here on it has the new name, and the old one counts no more
      dropName(record.name, id);
    });
    tell('rename', renamed, { oldName: `/${record.name}` });
  });
}

/** docker's daemon already has a slash before it here. */
function named(wanted: string): string {
  try {
    return containerName(wanted);
  } catch (error) {
    throw new Error((error as Error).message.replace(`(${wanted})`, `(/${wanted})`), { cause: error });
  }
}

function allocated<T>(allocate: () => T): T {
  try {
    return allocate();
  } catch (error) {
    throw new Error(`Error when allocating new name: ${(error as Error).message}`, { cause: error });
  }
}
