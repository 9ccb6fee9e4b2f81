import { appendFileSync } from 'node:fs';

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
    if (level === 'error') process.stderr.write(`${message}\n`);
  } else process.stderr.write(`${line}\n`);
}
