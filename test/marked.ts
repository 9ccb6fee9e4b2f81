import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Writes whole lines to standard output, each with a mark before it: of several things that run at a time. */
export function marked(mark: string): Writable {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const say = (line: string) => {
    if (line.trim() !== '') process.stdout.write(`${mark} | ${line}\n`);
  };
  return new Writable({
    write(chunk, _, done) {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(say);
      done();
    },
    final(done) {
      say(rest); // the last line may have no end
      done();
    },
  });
}
