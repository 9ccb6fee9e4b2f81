import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

const COPY = `
  const { fchmodSync } = await import('node:fs');
  const { copyTyped } = await import('${import.meta.dirname}/../src/streams/typed.ts');
  fchmodSync(0, 0);
  if (process.getuid() === 0) process.seteuid(65534);
  setImmediate(() => console.log('goes on'));
  await copyTyped({ pid: process.pid }, 1, new AbortController().signal);
  console.log('closed');
`;

// su alice; ./boxstep 9 run -i
test('a terminal that this user may not open is read as it is, and nothing else waits until something is typed', async () => {
  const words = `${process.execPath} --input-type=module -e "$COPY"`;
  const script = spawn('script', ['-qec', words, '/dev/null'], { env: { ...process.env, COPY } });
  let shown = '';
  script.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (shown === '') script.stdin.write('typed\n\x04');
    shown += text.replaceAll('\r', '');
  });
  const [status] = await once(script, 'close');
  expect({ shown, status }).toEqual({ shown: 'goes on\ntyped\ntyped\nclosed\n', status: 0 }); // echoed, then copied
});
