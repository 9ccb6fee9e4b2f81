import { group, seeded, task } from 'grader';
import {
  AT_FDCWD,
  type Call,
  CLONE_NEWNS,
  MOVE_MOUNT_F_EMPTY_PATH,
  mkdir,
  moveMount,
  O_CREAT,
  O_TRUNC,
  O_WRONLY,
  openat,
  rmdir,
  unlink,
  write,
} from 'shared-native';
import { directory, machine, model, type Tree } from 'shared-native/model';
import { expect, test } from 'vitest';
import { at, stopped } from '../../../test/judge.ts';
import { type Directories, overlay } from '../src/index.ts';

/** The overlay of some directories, attached at /merged, and what is then done there, on a machine that has these files. */
function made(directories: Directories, tree: Tree, then: readonly Call[] = []) {
  const calls = overlay(directories);
  const places = [directories.upper, directories.work, '/merged'].filter((path) => path !== undefined);
  const all = { ...Object.fromEntries(places.map((path) => [path, directory()])), ...tree };
  const attach = moveMount(calls.at(-1) as Call, '', AT_FDCWD, '/merged', MOVE_MOUNT_F_EMPTY_PATH);
  const state = machine({ clone: CLONE_NEWNS, shared: false, tree: all });
  return model(state).run([...calls, attach, ...then]);
}

const put = (path: string, text: string): Call[] => {
  const file = openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0o644);
  return [file, write(file, text)];
};

const textAt = (after: ReturnType<typeof made>, path: string) => at(after.state, path)?.text;

task(
  1,
  {
    points: 25,
    hints: [
      'fsopen("overlay", FSOPEN_CLOEXEC) begins it. A call can be an argument of another, so keep it in a constant: it stands for the descriptor that all the others take.',
      'option(context, "lowerdir+", path) names a lower directory, the topmost first, and gives a list of calls: flatMap. upperdir and workdir are named likewise, where they are given.',
      'fsconfigCreate(context) makes the filesystem of its options, and the last call, fsmount with FSMOUNT_CLOEXEC, a mount of it.',
    ],
  },
  () => {
    const word = seeded('task 1 of step 8').word();
    const [top, middle, bottom] = [`/layers/${word}-3`, `/layers/${word}-2`, '/layers/1'] as const;
    const lowers = [top, middle, bottom];
    const own = { upper: `/containers/${word}/upper`, work: `/containers/${word}/work` };
    const tree: Tree = {
      [`${top}/etc/name`]: 'top',
      [`${middle}/etc/name`]: 'middle',
      [`${middle}/etc/middle`]: 'only in the middle',
      [`${bottom}/etc/name`]: 'bottom',
      [`${bottom}/etc/bottom`]: 'only at the bottom',
      [`${bottom}/gone/file`]: 'x',
    };

    group('what is read', 10, () => {
      test('a file is the topmost directory’s, and files in all the directories can be seen', () => {
        const after = made({ lowers, ...own }, tree);
        expect(stopped(after), 'the kernel makes the overlay').toBeUndefined();
        expect(textAt(after, '/merged/etc/name'), 'the first of lowers is the topmost').toBe('top');
        expect(textAt(after, '/merged/etc/middle')).toBe('only in the middle');
        expect(textAt(after, '/merged/etc/bottom')).toBe('only at the bottom');
      });

      test('can be all of it: without an upper directory nothing can be written', () => {
        const after = made({ lowers }, tree, put('/merged/etc/name', 'mine'));
        expect(textAt(after, '/merged/etc/bottom')).toBe('only at the bottom');
        expect(after.failed?.error, 'no upperdir and no workdir where none is given').toBe('EROFS');
      });

      test('may come from one directory alone', () => {
        const after = made({ lowers: [bottom], ...own }, tree);
        expect(stopped(after)).toBeUndefined();
        expect(textAt(after, '/merged/etc/name')).toBe('bottom');
      });
    });

    group('what is written', 10, () => {
      test('goes to the upper directory, and leaves the lower ones as they are', () => {
        const after = made({ lowers, ...own }, tree, [
          ...put('/merged/etc/name', 'mine'),
          ...put('/merged/new', 'new'),
        ]);
        expect(stopped(after)).toBeUndefined();
        expect(textAt(after, '/merged/etc/name')).toBe('mine');
        expect(textAt(after, `${own.upper}/etc/name`), 'in the directory that is called upper').toBe('mine');
        expect(textAt(after, `${own.upper}/new`)).toBe('new');
        for (const [lower, text] of [
          [top, 'top'],
          [middle, 'middle'],
          [bottom, 'bottom'],
        ] as const)
          expect(textAt(after, `${lower}/etc/name`), `${lower} is read, and never written`).toBe(text);
      });

      test('is a whiteout where a file was deleted, and the file is still there below', () => {
        const calls = [unlink('/merged/gone/file'), rmdir('/merged/gone'), mkdir('/merged/gone', 0o755)];
        const after = made({ lowers, ...own }, tree, [...calls.slice(0, 1), unlink('/merged/etc/name')]);
        expect(stopped(after)).toBeUndefined();
        expect(at(after.state, `${own.upper}/etc/name`)?.type).toBe('character');
        expect(textAt(after, `${top}/etc/name`)).toBe('top');
        expect(textAt(made({ lowers, ...own }, tree, calls), '/merged/gone/file')).toBeUndefined();
      });
    });

    group('many directories, and long names', 5, () => {
      test('60 of them are an overlay: more than one text of mount(2) could name', () => {
        const many = Array.from({ length: 60 }, (_, nth) => `/layers/${'d'.repeat(64)}/${nth}`);
        const files = Object.fromEntries(many.map((path, nth) => [`${path}/f${nth}`, String(nth)]));
        const after = made({ lowers: many, ...own }, files);
        expect(stopped(after), 'each is a separate option').toBeUndefined();
        expect(textAt(after, '/merged/f0')).toBe('0');
        expect(textAt(after, '/merged/f59')).toBe('59');
      });

      test.each([
        ['of more bytes than fsconfig takes', `/srv/${word.repeat(60).slice(0, 200)}/${'é'.repeat(60)}`],
        ['with a colon and a comma in it', `/srv/${word}:a,b=c`],
      ])('a path %s is found', (_, path) => {
        const after = made({ lowers: [path, bottom], ...own }, { ...tree, [`${path}/etc/name`]: 'odd' });
        expect(stopped(after), 'option() takes care of that').toBeUndefined();
        expect(textAt(after, '/merged/etc/name')).toBe('odd');
        expect(textAt(after, '/merged/etc/bottom')).toBe('only at the bottom');
      });
    });
  },
);
