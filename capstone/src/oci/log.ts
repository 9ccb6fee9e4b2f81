import { appendFileSync } from 'node:fs';
import { constants } from 'node:os';
import { errnoText } from 'shared-native';
import { put, STDERR } from 'step-10';

/** Where errors are told, as clients of runc ask for it. */
export interface Log {
  /** A file; standard error without. */
  readonly file: string | undefined;
  readonly format: 'text' | 'json';
}

/** Writes an error or a warning to the log; if that is a file, an error goes to standard error as well. */
export function tell({ file, format }: Log, level: 'error' | 'warning', message: string): void {
  const time = new Date().toISOString().replace(/\.\d+/, '');
  const line =
    format === 'json'
      ? JSON.stringify({ level, msg: message, time })
      : `time=${JSON.stringify(time)} level=${level} msg=${JSON.stringify(message)}`;
  if (file !== undefined && file !== '') {
    appendFileSync(file, `${line}\n`, { mode: 0o644 });
    if (level === 'error') toStandardError(message);
  } else toStandardError(line);
}

/** Where nobody reads it, the exit status stands. */
function toStandardError(line: string): void {
  try {
    put(`${line}\n`, STDERR);
  } catch {}
}

/**
 * What went wrong, with what the C library says of it: "no such file or directory" and "permission denied" are what podman and
 * dockerd look for, to end with 127 and 126.
 */
export function failureText(error: Error & { readonly code?: unknown }): string {
  const { code } = error;
  const message = error.message.replace(/^error: /, '');
  const said = typeof code === 'string' && Object.hasOwn(constants.errno, code) ? errnoText(code) : '';
  return message.includes(said) ? message : `${message}: ${said}`;
}
