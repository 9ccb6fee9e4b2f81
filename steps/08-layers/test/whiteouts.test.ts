import { group, seeded, task } from 'grader';
import { expect, test } from 'vitest';
import { marker } from '../src/index.ts';

const of = (name: string | Buffer) => {
  const says = marker(Buffer.from(name as string));
  return says?.kind === 'whiteout' ? { ...says, name: Buffer.from(says.name) } : says;
};
const whiteout = (name: string | Buffer) => ({ kind: 'whiteout', name: Buffer.from(name as string) });

task(
  2,
  {
    points: 15,
    hints: [
      'A name is bytes. name.toString("latin1") has a character for each of them, so nothing is lost when you compare it.',
      'The whole name .wh..wh..opq comes first, since it begins with .wh. as well; then other names that begin with .wh..wh. are AUFS’s own, and are ignored.',
      'What follows .wh. is the name of what is gone: name.subarray(4). If that is nothing, "." or "..", throw an Error.',
    ],
  },
  () => {
    group('which names say something', 6, () => {
      const word = seeded('task 2 of step 8').word();
      test.each(['motd', '.profile', 'wh.file', '.what', '.wh', `a.wh.${word}`, '.WH.x', word])(
        '%s is a file like any other',
        (name) => {
          expect(of(name), 'only a name that begins with .wh. says something').toBeUndefined();
        },
      );

      test.each([word, '.hidden', 'a b', '.wh', 'wh.', '...'])('.wh.%s says that this name is gone', (name) => {
        expect(of(`.wh.${name}`), 'the name after .wh., whatever it is').toEqual(whiteout(name));
      });
    });

    group('the directory, and AUFS', 4, () => {
      test('.wh..wh..opq is about all of the directory', () => {
        expect(of('.wh..wh..opq')).toEqual({ kind: 'opaque' });
      });

      test.each(['.wh..wh.plnk', '.wh..wh.aufs', '.wh..wh.orph', '.wh..wh..opqx', '.wh..wh.'])(
        '%s is ignored',
        (name) => {
          expect(of(name), 'AUFS kept these for itself').toEqual({ kind: 'ignored' });
        },
      );
    });

    group('names that are none, and names that are no text', 5, () => {
      test.each(['', '.', '..'])('.wh.%s is refused: it would delete the directory, or the one above', (name) => {
        expect(() => marker(Buffer.from(`.wh.${name}`))).toThrow(Error);
      });

      test.each([[[0xff]], [[0xc3, 0x28]], [[0xef, 0xbf, 0xbd]], [[0x66, 0xe9]]])(
        'a whiteout of the bytes %j names these bytes, and no others',
        (bytes) => {
          const name = Buffer.from(bytes);
          const says = of(Buffer.concat([Buffer.from('.wh.'), name]));
          expect(says, 'bytes that aren’t UTF-8 stay unchanged').toEqual(whiteout(name));
        },
      );
    });
  },
);
