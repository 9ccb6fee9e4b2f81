import { getxattr, listxattr, perform, setxattr, tolerate } from 'shared-native';

/** What overlay itself keeps in the attributes of an upper directory's files. A layer can't set these. */
const OVERLAYS = /^(trusted|user)\.overlay\./;

/** Gives an open file the attributes of an entry. A filesystem without such attributes is an error for capabilities alone. */
export function setAttributes(descriptor: number, xattrs: ReadonlyMap<string, Buffer>): void {
  for (const [name, value] of xattrs) {
    if (OVERLAYS.test(name)) continue;
    const call = setxattr(`/proc/self/fd/${descriptor}`, name, value);
    perform(name === 'security.capability' ? call : tolerate(call, 'EOPNOTSUPP'));
  }
}

/** The attributes of an open file, without overlay's own. */
export function attributesOf(descriptor: number): Map<string, Buffer> {
  const path = `/proc/self/fd/${descriptor}`;
  const found = new Map<string, Buffer>();
  for (const name of namesOf(path)) {
    const value = OVERLAYS.test(name) ? undefined : attribute(path, name);
    if (value) found.set(name, value);
  }
  return found;
}

/** Is this directory of an upper or a lower one opaque: does nothing show through of those below? */
export function isOpaque(descriptor: number): boolean {
  const path = `/proc/self/fd/${descriptor}`;
  return ['trusted.overlay.opaque', 'user.overlay.opaque'].some((name) => attribute(path, name)?.toString() === 'y');
}

function namesOf(path: string): string[] {
  const size = perform(tolerate(listxattr(path, new Uint8Array(0)), 'EOPNOTSUPP'));
  if (size <= 0) return [];
  const names = Buffer.alloc(size);
  const length = perform(listxattr(path, names));
  return names.toString('utf8', 0, length).split('\0').filter(Boolean);
}

function attribute(path: string, name: string): Buffer | undefined {
  const room = Buffer.alloc(65_536);
  const length = perform(tolerate(getxattr(path, name, room), 'any'));
  return length < 0 ? undefined : Buffer.from(room.subarray(0, length));
}
