import { isUtf8 } from 'node:buffer';
import { readFileSync, readlinkSync } from 'node:fs';

// Node reads arguments, variables and paths as UTF-8, and what isn't has become U+FFFD by now. The container would get other
// bytes than were given, and a directory of another name would be used, without a word.

/** @throws {Error} that quotes the first argument that wasn't UTF-8 */
export function assertUtf8Arguments(words: readonly string[]): void {
  const word = words.find(isSuspect);
  if (word === undefined || isUtf8(readFileSync('/proc/self/cmdline'))) return;
  throw new Error(`the argument ${JSON.stringify(word)} ${HOLDS}, and can't be passed on as they are`);
}

/** @throws {Error} that names the first of these variables of the caller's that wasn't UTF-8 */
export function assertUtf8Variables(names: readonly string[]): void {
  const suspects = names.filter((name) => isSuspect(process.env[name] ?? ''));
  if (suspects.length === 0) return;
  const given = readFileSync('/proc/self/environ').toString('latin1').split('\0'); // a byte is a character
  const wrong = suspects.find((name) =>
    given.some((one) => one.startsWith(`${name}=`) && !isUtf8(Buffer.from(one, 'latin1'))),
  );
  if (wrong !== undefined) throw new Error(`the variable ${wrong} ${HOLDS}, and can't be passed on as they are`);
}

/** @throws {Error} if the path of this directory isn't UTF-8 @param path - as process.cwd() has it */
export function assertUtf8Here(path: string): void {
  if (!isSuspect(path) || isUtf8(readlinkSync('/proc/self/cwd', { encoding: 'buffer' }))) return;
  throw new Error(`the path of this directory, ${JSON.stringify(path)}, ${HOLDS}: cd to another`);
}

const HOLDS = "holds bytes that aren't UTF-8";

function isSuspect(text: string): boolean {
  return text.includes('\ufffd');
}
