import { task } from 'grader';
import { describe, expect, test } from 'vitest';
import { findGroups, findUser, identity } from '../src/index.ts';

// The files, users and answers of moby/sys at commit d7c3b9ed55ae (user/user_test.go).
const passwd = `
root:x:0:0:root user:/root:/bin/bash
adm:x:42:43:adm:/var/adm:/bin/false
-42:x:12:13:broken:/very/broken
2147483647:x:0:0:maxint32:/root:/bin/bash
2147483648:x:0:0:toolarge:/root:/bin/bash
9223372036854775807:x:0:0:maxint64:/root:/bin/bash
9223372036854775808:x:0:0:maxint64plusone:/root:/bin/bash
this is just some garbage data
`;
const group = `
root:x:0:root
adm:x:43:
grp:x:1234:root,adm
2147483647:x:1235:
2147483648:x:1236:
9223372036854775807:x:1237:
9223372036854775808:x:1238:
this is just some garbage data
`;
const files = { passwd, group };
const nothing = { passwd: '', group: '' };

task(
  3,
  {
    points: 20,
    hints: [
      'The part before the first ":" is the user, what is behind it the group: spec.split(/:(.*)/s). number(text) is a number or undefined, and refuses what is out of range.',
      'The account is the first of accounts(files.passwd) that has the number or the name; without a user, the one with the default uid. A name without an account is an error. A number without one is fine, and takes the rest from defaults.',
      'With a group, its gid is all (findGroup). Without, the groups are those of groupsOf(files.group) that list the account by name.',
    ],
  },
  () => {
    describe('-u', () => {
      test.each([
        ['', { uid: 0, gid: 0, groups: [0, 1234], home: '/root' }],
        ['root', { uid: 0, gid: 0, groups: [0, 1234], home: '/root' }],
        ['0', { uid: 0, gid: 0, groups: [0, 1234], home: '/root' }],
        ['adm', { uid: 42, gid: 43, groups: [1234], home: '/var/adm' }],
        ['adm:', { uid: 42, gid: 43, groups: [1234], home: '/var/adm' }],
        ['42', { uid: 42, gid: 43, groups: [1234], home: '/var/adm' }],
        ['adm:grp', { uid: 42, gid: 1234, groups: [], home: '/var/adm' }],
        ['adm:7', { uid: 42, gid: 7, groups: [], home: '/var/adm' }],
        [':grp', { uid: 0, gid: 1234, groups: [], home: '/root' }],
        ['1337', { uid: 1337, gid: 0, groups: [], home: '/' }],
        ['1337:1338', { uid: 1337, gid: 1338, groups: [], home: '/' }],
        ['2147483647', { uid: 2147483647, gid: 0, groups: [], home: '/' }],
      ])('%j', (spec, user) => {
        const why =
          'a number is a uid, also where it is somebody’s name; who is known has gid, groups and home from the files';
        expect(findUser(spec, files), why).toEqual(user);
      });

      test.each(['notuser', 'notuser:notgroup', 'notuser:adm', 'notuser:8888'])('%j: there is no such user', (spec) => {
        expect(() => findUser(spec, files), 'a name without an account is an error, which quotes it').toThrow(
          'notuser',
        );
      });

      test.each(['root:notgroup', '8888:notgroup'])('%j: there is no such group', (spec) => {
        expect(() => findUser(spec, files), 'findGroup refuses a name that no group has').toThrow('notgroup');
      });

      test.each([
        ...['-1:0', '0:-3', '-5:-2', '-42', '-43', '42:2147483648', '2147483648:43', '2147483648'],
        ...['7456:9223372036854775807', '9223372036854775807:43', '9223372036854775807', '9223372036854775808'],
        '0:9223372036854775808',
      ])('%j is beyond range, also where it is somebody’s name', (spec) => {
        const wrong = spec.split(':').filter((id) => !(Number(id) >= 0 && Number(id) <= 2_147_483_647));
        expect(() => findUser(spec, files), 'number refuses it, and says which').toThrow(new RegExp(wrong.join('|')));
      });

      test('takes defaults for everything that neither it nor the files say', () => {
        const defaults = { uid: 8888, gid: 8888, groups: [8888], home: '/8888' };
        const find = (spec: string, passwd = '') => findUser(spec, { passwd, group: '' }, defaults);
        expect(find(''), 'nobody is said, and nobody known').toEqual(defaults);
        const zero = '0 is an id: || takes it for nothing, ?? does not';
        expect(find('root', passwd), zero).toEqual({ uid: 0, gid: 0, groups: [8888], home: '/root' });
        expect(find('0'), zero).toEqual({ ...defaults, uid: 0 });
        expect(find('0:0'), zero).toEqual({ ...defaults, uid: 0, gid: 0 });
      });

      test('a line without numbers makes nobody root', () => {
        const broken = { passwd: 'eve\nbob:x:abc:\nzoe:x::\n# root:x:0:0::/:', group: 'wheel\nstaff:x:y:bob' };
        for (const name of ['eve', 'bob', 'zoe', '# root']) {
          expect(() => findUser(name, broken)).toThrow(name);
        }
        expect(() => findUser('0:wheel', broken)).toThrow('wheel');
      });

      test('of two entries with one name or number the first counts', () => {
        const twice = { passwd: 'a:x:1:1::/one:\na:x:2:2::/two:\nb:x:1:3::/three:', group: '' };
        expect(findUser('a', twice)).toMatchObject({ uid: 1, home: '/one' });
        expect(findUser('1', twice)).toMatchObject({ gid: 1, home: '/one' });
      });
    });
  },
);

test('a user or group that is not there, or can’t be, is told in docker’s words', () => {
  expect(() => findUser('notuser', files)).toThrow('unable to find user notuser: no matching entries in passwd file');
  expect(() => findUser('0:notgroup', files)).toThrow(
    'unable to find group notgroup: no matching entries in group file',
  );
  expect(() => findUser('-42', files)).toThrow('must be in range 0-2147483647');
});

describe('--group-add', () => {
  test('takes numbers also of a container that has no groups', () => {
    expect(findGroups(['1234', '5678'], nothing)).toEqual([1234, 5678]);
  });

  test('takes names only of groups that the container has', () => {
    expect(findGroups(['grp', 'adm'], files)).toEqual([1234, 43]);
    expect(() => findGroups(['1234', 'fake'], nothing)).toThrow('unable to find group fake');
  });
});

test('all groups are there once, its own first', () => {
  expect(identity('adm', ['7', 'grp', '7'], files).groups).toEqual([43, 1234, 7]);
  expect(identity('1000', [], files).groups).toEqual([0]);
});
