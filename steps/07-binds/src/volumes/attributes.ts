import { getxattr, listxattr, perform, setxattr, tolerate } from 'shared-native';

/**
 * Copies the extended attributes of a file: access control lists, a program's capabilities, and what users noted: xattr(7).
 * Where a filesystem has none, there are none to copy.
 *
 * @throws {SyscallError} for one that can't be kept where the copy is
 */
export function copyAttributes(from: string, to: string): void {
  const names = read((into) => listxattr(from, into));
  for (const name of names.toString().split('\0').filter(Boolean)) {
    perform(
      setxattr(
        to,
        name,
        read((into) => getxattr(from, name, into)),
      ),
    );
  }
}

/** What a call fills its room with: it says how much that is if it gets none. */
function read(call: (into: Uint8Array) => ReturnType<typeof listxattr>): Buffer {
  const into = Buffer.alloc(Math.max(0, perform(tolerate(call(new Uint8Array(0)), 'EOPNOTSUPP'))));
  return into.length === 0 ? into : into.subarray(0, perform(call(into)));
}
