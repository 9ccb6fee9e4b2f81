import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Does something, and keeps what this process writes meanwhile to standard output and standard error: nobody sees it. */
export async function keepWritten<T>(doing: () => Promise<T>): Promise<{ result: T; stdout: string; stderr: string }> {
  const { writeSync } = fs;
  const kept = ['', '', ''];
  const keep = (fd: number, bytes: Buffer, ...rest: number[]) => {
    if (fd !== 1 && fd !== 2) return writeSync(fd, bytes, ...rest);
    kept[fd] += String(bytes);
    return bytes.length;
  };
  replaceWriteSync(keep as typeof writeSync);
  try {
    const result = await doing();
    const [, stdout = '', stderr = ''] = kept;
    return { result, stdout, stderr };
  } finally {
    replaceWriteSync(writeSync);
  }
}

function replaceWriteSync(writeSync: typeof fs.writeSync): void {
  fs.writeSync = writeSync;
  syncBuiltinESMExports(); // for those who have imported it by its name
}
