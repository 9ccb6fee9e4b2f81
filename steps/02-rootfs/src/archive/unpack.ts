import { type ReadEntry, UnpackSync } from 'tar';
import { contents } from './contents.ts';
import { Entries, naming } from './entries.ts';
import { finish } from './finish.ts';
import { AN_IMAGE, isImage } from './shape.ts';

/** Seconds from one line about the progress to the next. */
const PROGRESS = 5;

/**
 * Unpacks an archive into an empty directory that nobody else writes to. The library reads it and writes files and
 * directories, to where the tree of its entries says. Symbolic links, owners, modes and times come last: so there is
 * never a link that could be written through, and nothing is setuid that isn't whole.
 *
 * @returns what there is to say of it, a line each
 * @throws if anything is wrong with it; the directory is then of no use
 */
export async function unpackInto(
  directory: string,
  archive: string,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const entries = new Entries();
  try {
    await writeEntries(directory, archive, entries, say);
    finish(directory, entries.tree);
  } catch (error) {
    throw new Error(`${archive} can't be unpacked: ${(error as Error).message}`, { cause: error });
  }
  return [`Unpacked ${entries.amount()}.`, ...entries.leftOut()];
}

async function writeEntries(
  directory: string,
  archive: string,
  entries: Entries,
  say: (line: string) => void,
): Promise<void> {
  const { unpacker, end } = unpackerOf(directory, entries);
  let next = Date.now() + PROGRESS * 1000;
  for await (const chunk of contents(archive)) {
    if (!end.reached) unpacker.write(chunk); // tar would keep all that follows
    if (Date.now() < next) continue;
    say(`… ${entries.amount()} so far`);
    next = Date.now() + PROGRESS * 1000;
  }
  unpacker.end();
  if (isImage(entries.tree.top())) throw new Error(AN_IMAGE);
  if (entries.none()) throw new Error('it is not a tar archive, or it is empty');
  if (end.damage)
    throw new Error(`it's cut short: ${end.damage.message.replace(/^TAR_\w+: /, '')}`, { cause: end.damage });
  if (!entries.sawMark) throw new Error("it's cut short: the zeros that end a tar archive are missing");
}

function unpackerOf(cwd: string, entries: Entries) {
  const end: { reached: boolean; damage?: Error } = { reached: false };
  const unpacker = new UnpackSync({
    cwd,
    noMtime: true,
    preserveOwner: false,
    maxDepth: Number.POSITIVE_INFINITY,
    brotli: false,
    zstd: false,
    filter: (_, entry) => naming(entry as ReadEntry, () => entries.place(entry as ReadEntry)),
    onwarn: (_, message, data) => entries.refuse(message, data),
  });
  unpacker.on('ignoredEntry', (entry: ReadEntry) => naming(entry, () => entries.ignore(entry)));
  unpacker.on('meta', (text: string) => entries.readHeader(text));
  unpacker.on('nullBlock', () => {
    entries.sawMark = true;
  });
  unpacker.on('eof', () => {
    end.reached = true;
  });
  // Only the end of the data comes here; what is wrong with an entry is a warning.
  unpacker.on('error', (error: Error) => {
    end.damage ??= error;
  });
  return { unpacker, end };
}
