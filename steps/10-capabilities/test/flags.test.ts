import { expect, test } from 'vitest';
import { securityOptions } from '../src/security-opt.ts';
import { setSysctls, sysctl } from '../src/sysctls.ts';

test('a variable of a namespace can be set, and no other', () => {
  expect(sysctl('net.core.somaxconn=1024')).toEqual(['net.core.somaxconn', '1024']);
  expect(sysctl('kernel.sem=1 2 3=4')).toEqual(['kernel.sem', '1 2 3=4']);
  expect(sysctl('fs.mqueue.msg_max=5')).toEqual(['fs.mqueue.msg_max', '5']);
  for (const text of [
    'kernel.panic=1',
    'net.core.somaxconn',
    'kernel.semaphore=1',
    'vm.swappiness=1',
    '=1',
    '',
    'net=1',
  ])
    expect(() => sysctl(text), text).toThrow('is not allowed');
});

test('no name of a variable leads out of /proc/sys', () => {
  const [file] = setSysctls([['net./../../../etc.passwd', '1']]);
  expect(file?.args.pathname).toMatchObject({ value: expect.not.stringContaining('..') });
  const [vlan] = setSysctls([['net.ipv4.conf.eth0/1.rp_filter', '0']]);
  expect(vlan?.args.pathname).toMatchObject({ value: '/proc/sys/net/ipv4/conf/eth0.1/rp_filter' });
});

test('of --security-opt the last about one thing counts', () => {
  const given = ['no-new-privileges', 'seccomp=a.json', 'seccomp=unconfined', 'systempaths=unconfined'];
  expect(securityOptions([...given, 'apparmor=x'])).toEqual({
    ...{ noNewPrivileges: true, seccomp: 'unconfined', systemPaths: true, ignored: ['apparmor=x'] },
  });
  expect(securityOptions(['no-new-privileges', 'no-new-privileges:false']).noNewPrivileges).toBe(false);
  for (const text of ['', 'seccomp', 'seccomp=', 'no-new-privileges=maybe', 'systempaths=x', 'label', 'else=1'])
    expect(() => securityOptions([text]), text).toThrow('invalid --security-opt');
});
