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
  const [wrong] = notUtf8(names);
  if (wrong !== undefined) throw new Error(`the variable ${wrong} ${HOLDS}, and can't be passed on as they are`);
}

/** Which of these variables weren't UTF-8 when this process got them? */
function notUtf8(names: readonly string[]): string[] {
  const suspects = names.filter((name) => isSuspect(process.env[name] ?? ''));
  if (suspects.length === 0) return [];
  const before = process.env[NOT_UTF8]?.split('=') ?? [];
  const given = readFileSync('/proc/self/environ').toString('latin1').split('\0'); // a byte is a character
  const isWrong = (one: string) => !isUtf8(Buffer.from(one, 'latin1'));
  return suspects.filter(
    (name) => before.includes(name) || given.some((one) => one.startsWith(`${name}=`) && isWrong(one)),
  );
}

/** Tells the program that this process becomes which variables weren't UTF-8: it gets them as text, where that no longer shows. */
const NOT_UTF8 = 'BOXSTEP_NOT_UTF8';

/** The environment for a program that this process becomes. */
export function environmentAsRead(): NodeJS.ProcessEnv {
  const wrong = notUtf8(Object.keys(process.env));
  return wrong.length > 0 ? { ...process.env, [NOT_UTF8]: wrong.join('=') } : process.env;
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
