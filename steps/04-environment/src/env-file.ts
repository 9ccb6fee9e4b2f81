import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { notOpened, typedPath } from 'step-03';

/** The longest line that docker reads, in bytes. */
const MAX_LINE = 65_535;

/** White space at the beginning of a line, as docker sees it, which is written in Go. */
const WHITE_SPACE = /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** The variables of a file, as `NAME=value`. @throws {Error} that names the file, and the line where one is wrong. */
export function readEnvFile(file: string, caller: NodeJS.ProcessEnv = process.env): string[] {
  let content: Buffer;
  try {
    content = readFileSync(typedPath(file));
  } catch (error) {
    throw notOpened(file, error as Error);
  }
  return parseEnvFile(content, file, caller);
}

// #region an env file
/**
 * The variables of an env file, as docker reads it: a line is `NAME=value`, or `NAME` for the caller's value, which is
 * left out if the caller has none. It is not a shell script: quotes, `export` and `$` have no meaning, and white space at
 * the end is part of the value.
 *
 * @param content - in UTF-8; a byte order mark (BOM) at its beginning is ignored, and so is the CR in CRLF
 * @param file - its name, for errors
 * @param caller - the environment in which a name alone is looked up
 * @throws {Error} with file and line, if a name is empty or contains white space (a space or a tab), if the bytes aren't
 *   UTF-8 or include a NUL, or if a line is longer than MAX_LINE
 */
export function parseEnvFile(content: Buffer, file: string, caller: NodeJS.ProcessEnv): string[] {
  // #region task 1: read an env file
  return linesOf(content).flatMap((bytes, index) => {
    const wrong = (what: string) => new Error(`${file}:${index + 1}: ${what}`);
    if (bytes.length > MAX_LINE) throw wrong(`the line is longer than ${MAX_LINE} bytes`);
    if (!isUtf8(bytes)) throw wrong('the line is not UTF-8: save the file as UTF-8');
    const text = bytes.toString();
    const line = (index === 0 ? text.replace(/^\ufeff/, '') : text).replace(WHITE_SPACE, '');
    if (line === '' || line.startsWith('#')) return [];
    const [name = ''] = line.split('=', 1);
    if (name === '') throw wrong(`there is no name before "=": ${JSON.stringify(line)}`);
    if (/[ \t]/.test(name)) throw wrong(`the name ${JSON.stringify(name)} contains white space${hint(name)}`);
    if (line.includes('\0')) throw wrong(`the variable ${JSON.stringify(name)} contains a NUL byte`);
    if (line.includes('=')) return [line];
    return Object.hasOwn(caller, name) ? [`${name}=${caller[name]}`] : []; // it may be called toString
  });
  // #endregion
}
// #endregion

function hint(name: string): string {
  return name.startsWith('export ') ? ': an env file is not a shell script; leave out "export"' : '';
}

/** The lines of a file, without their ends: LF, or CRLF. */
function linesOf(content: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < content.length; ) {
    const newline = content.indexOf('\n', from);
    const to = newline === -1 ? content.length : newline;
    lines.push(content.subarray(from, content[to - 1] === 0x0d && to > from ? to - 1 : to));
    from = to + 1;
  }
  return lines;
}
