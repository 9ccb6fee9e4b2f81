import { expect, test } from 'vitest';
import { applyChanges } from '../src/changes.ts';

test.for([
  ['CMD ["sh", "-l"]', {}, { Cmd: ['sh', '-l'] }],
  ['cmd echo "hi  there"', {}, { Cmd: ['/bin/sh', '-c', 'echo "hi  there"'] }],
  ['ENTRYPOINT ["/init"]', { Cmd: ['x'] }, { Entrypoint: ['/init'], Cmd: ['x'] }],
  [
    'ENV A=1 B="2 3" C=\'4 $5\' D=a\\ b',
    { Env: ['PATH=/bin', 'B=0'] },
    { Env: ['PATH=/bin', 'B=2 3', 'A=1', 'C=4 $5', 'D=a b'] },
  ],
  ['ENV OLD way of it', {}, { Env: ['OLD=way of it'] }],
  [
    'EXPOSE 80 53/udp 8000-8010',
    { ExposedPorts: { '22/tcp': {} } },
    { ExposedPorts: { '22/tcp': {}, '80/tcp': {}, '53/udp': {}, '8000-8010/tcp': {} } },
  ],
  ['LABEL a=b "c d"=e', { Labels: { a: 'x', z: 'y' } }, { Labels: { a: 'b', z: 'y', 'c d': 'e' } }],
  ['USER nobody:5', {}, { User: 'nobody:5' }],
  ['VOLUME ["/a b", "/c"]', {}, { Volumes: { '/a b': {}, '/c': {} } }],
  ['VOLUME /a /b', {}, { Volumes: { '/a': {}, '/b': {} } }],
  ['WORKDIR sub', { WorkingDir: '/srv' }, { WorkingDir: '/srv/sub' }],
  ['STOPSIGNAL SIGQUIT', {}, { StopSignal: 'SIGQUIT' }],
] as const)('%s', ([line, before, after]) => {
  expect(applyChanges(before, [line])).toEqual(after);
});

test.for(['CMD', 'ENV A', 'ENV =x', 'EXPOSE http', 'EXPOSE 70000', 'USER a b', 'LABEL a="x'])('refuses %s', (line) => {
  expect(() => applyChanges({}, [line])).toThrow(JSON.stringify(line));
});

test('refuses what changes no config, and names those that do', () => {
  expect(() => applyChanges({}, ['RUN ls'])).toThrow(/^RUN is not a valid change command\n.*CMD, /);
});
