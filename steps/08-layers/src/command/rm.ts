import { openJournal, put, type Subcommand, say } from 'step-07';
import { containerPath, readContainer } from '../container.ts';
import { remove } from '../unpack/remove.ts';

/** `rm`: removes containers that were kept. */
export const rmCommand: Subcommand = {
  name: 'rm',
  description: 'remove containers that were kept',
  positionals: [['<name...>', 'the containers']],
  needsRoot: true,
  failure: 1,
  run(_, names) {
    const all = names.map((name) => {
      try {
        removeKept(name);
        put(`${name}\n`);
        return true;
      } catch (error) {
        say((error as Error).message);
        return false;
      }
    });
    return all.every(Boolean) ? 0 : 1;
  },
};

/** While its journal is locked here, nobody begins a container of this name. */
function removeKept(name: string): void {
  if (!readContainer(name)) throw new Error(`No such container: ${name}`);
  const journal = openJournal(name);
  if (!journal) throw new Error(`cannot remove container "${name}": it is running, so end it first`);
  try {
    remove(Buffer.from(containerPath(name)));
  } finally {
    if (journal.left.length === 0) journal.discard();
    else journal.close();
  }
}
