import { type Call, makeCall } from '../call.ts';
import { bytes, flags, path, room, text, ulong } from './arguments.ts';
import { manual } from './manual.ts';

const errors = {
  ENODATA: 'the file has no such attribute; list them first',
  EOPNOTSUPP: 'the filesystem keeps no attributes of this kind; take another filesystem',
  ENOENT: 'the file does not exist; check the path, and from which root it is seen',
  ERANGE: 'the room is too small; ask with none how much it takes',
  EPERM:
    'trusted.* needs CAP_SYS_ADMIN on the host, and user.* is only for files and directories; run as root, or use the other',
};

manual('setxattr', { words: ({ path, name }) => `give the file ${path} the attribute ${name}`, errors });

/**
 * Gives a file an extended attribute, such as a program's capabilities. Symbolic links are followed.
 *
 * @param pathname - the file
 * @param name - with the kind before it: `security.capability`, `user.note`
 * @param value - as many bytes as the filesystem takes
 * @param setFlags - XATTR_CREATE, XATTR_REPLACE or 0
 * @see {@link https://man7.org/linux/man-pages/man2/setxattr.2.html | setxattr(2)}
 */
export function setxattr(pathname: string, name: string, value: Uint8Array, setFlags = 0): Call {
  return makeCall('setxattr', {
    path: path('path', pathname),
    name: text('name', name),
    value: bytes(value),
    size: ulong('size', value.length),
    flags: flags('flags', setFlags, 'XATTR'),
  });
}

manual('getxattr', { words: ({ path, name }) => `look up the attribute ${name} of the file ${path}`, errors });

/**
 * Reads an extended attribute. The result is how many bytes it has.
 *
 * @param pathname - the file; symbolic links are followed
 * @param name - with the kind before it
 * @param into - room for the value; with none, only the size is told
 * @see {@link https://man7.org/linux/man-pages/man2/getxattr.2.html | getxattr(2)}
 */
export function getxattr(pathname: string, name: string, into: Uint8Array): Call {
  return makeCall('getxattr', {
    path: path('path', pathname),
    name: text('name', name),
    value: room(into),
    size: ulong('size', into.length),
  });
}

manual('listxattr', { words: ({ path }) => `list the attributes of the file ${path}`, errors });

/**
 * Lists the names of a file's extended attributes, a NUL after each. The result is how many bytes that is.
 *
 * @param pathname - the file; symbolic links are followed
 * @param into - room for the names; with none, only the size is told
 * @see {@link https://man7.org/linux/man-pages/man2/listxattr.2.html | listxattr(2)}
 */
export function listxattr(pathname: string, into: Uint8Array): Call {
  return makeCall('listxattr', { path: path('path', pathname), list: room(into), size: ulong('size', into.length) });
}
