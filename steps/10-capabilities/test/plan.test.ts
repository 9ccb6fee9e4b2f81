import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asStrace, asText, type Call } from 'shared-native';
import { inOrder } from 'step-09';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { type Flags, type Options, plan, read } from '../src/index.ts';
import type { Kernel } from '../src/kernel.ts';
import { pathOf, sysctl } from '../src/sysctls.ts';

const rootfs = mkdtempSync(join(tmpdir(), 'boxstep-capabilities-'));
afterAll(() => rmSync(rootfs, { recursive: true }));

/** A kernel with three things to hide, and two that nobody is to change. */
const KERNEL: Partial<Kernel> = {
  masked: [
    { path: '/proc/keys', isDirectory: false },
    { path: '/proc/acpi', isDirectory: true },
    { path: '/sys/firmware', isDirectory: true },
  ],
  readOnly: [
    { path: '/proc/sys', isDirectory: true },
    { path: '/proc/sysrq-trigger', isDirectory: false },
  ],
  sysctls: [['net.ipv4.ip_unprivileged_port_start', '0']],
};

function optionsOf(flags: Flags = {}): Options {
  const options = read({ name: 'web', ...flags }, [rootfs, 'sh']);
  return { ...options, kernel: { ...options.kernel, ...KERNEL } };
}
const planOf = (flags?: Flags) => plan(optionsOf(flags));
const names = (calls: readonly Call[]) => calls.map(({ name }) => name);
const isFilter = ({ name }: Call) => name === 'seccomp';
const texts = (calls: readonly Call[]) => calls.map((call) => asText(call));

describe('a process gives up', () => {
  const { program } = planOf();

  test('what the bounding set and the filter cost before its ids, and capabilities after them', () => {
    const order = texts(program.privileges);
    const at = (start: string) => order.findIndex((text) => text.startsWith(start));
    const places = [
      'keyctl',
      'prctl(PR_CAPBSET_DROP',
      'seccomp',
      'prctl(PR_SET_KEEPCAPS, 1',
      'setresuid',
      'capset',
    ].map(at);
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(names(program.exec).some((name) => name === 'seccomp')).toBe(false);
  });

  test('and has nothing between a filter and execve where no_new_privs lets it come last', () => {
    const { program } = planOf({ securityOpt: ['no-new-privileges'] });
    const all = inOrder(program);
    const filter = all.findIndex(isFilter);
    expect(new Set(names(all.slice(filter + 1)))).toEqual(new Set(['execve']));
    expect(asStrace(program.privileges.at(-1) as Call)).toBe('prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)');
    expect(all.filter(isFilter).length).toBe(1);
  });

  test('what a flag names, by number', () => {
    const capset = (flags: Flags) => texts(planOf(flags).program.privileges).find((text) => text.startsWith('capset'));
    expect(capset({ capDrop: ['ALL'], capAdd: ['CAP_CHOWN'] })).toContain('permitted=[CAP_CHOWN]');
    expect(capset({ capDrop: ['ALL'] })).not.toContain('CAP_');
  });
});

describe('what the kernel shows', () => {
  test('is covered, or mounted on itself read-only, after sysctls are set and before anything of the user’s is mounted', () => {
    const { program } = planOf({ network: [], sysctl: [sysctl('net.core.somaxconn=7')] } as Flags);
    const inside = texts(program.inside);
    const at = (part: string) => inside.findIndex((text) => text.includes(part));
    const places = [at('/proc/sys/net/core/somaxconn'), at('mount("/proc/sys", "/proc/sys"'), at('"/proc/keys"')];
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(inside).toContain('mount("/dev/null", "/proc/keys", NULL, MS_BIND, NULL)');
    expect(inside).toContain('mount("tmpfs", "/proc/acpi", "tmpfs", MS_RDONLY, "nr_blocks=1,nr_inodes=1")');
    expect(inside).toContain('mount("/proc/acpi", "/sys/firmware", NULL, MS_BIND, NULL)'); // one filesystem is enough
    expect(inside.filter((text) => /"\/(proc\/sys|proc\/sysrq-trigger)"/.test(text)).length).toBe(4);
  });

  test('is left alone with systempaths=unconfined, and the filter stays', () => {
    const { program } = planOf({ securityOpt: ['systempaths=unconfined'] });
    expect(texts(program.inside).some((text) => /"\/proc\/keys"|"\/proc\/sys"/.test(text))).toBe(false);
    expect(inOrder(program).some(isFilter)).toBe(true);
  });
});

describe('--privileged', () => {
  const { program } = planOf({ privileged: true });

  test('takes down every wall', () => {
    expect(inOrder(program).some(isFilter)).toBe(false);
    expect(texts(program.inside).some((text) => /"\/proc\/keys"|"\/sys\/firmware"/.test(text))).toBe(false);
    const mounts = texts(program.inside).filter((text) => text.startsWith('mount(') && text.includes('"/sys'));
    expect(mounts.length).toBeGreaterThan(0);
    expect(mounts.filter((text) => text.includes('MS_RDONLY'))).toEqual([]);
  });

  test('keeps a filter that was asked for', () => {
    expect(inOrder(planOf({ privileged: true, securityOpt: ['seccomp=builtin'] }).program).some(isFilter)).toBe(true);
  });
});

describe('a variable of the kernel’s', () => {
  const files = (flags: object) =>
    texts(planOf(flags as Flags).program.inside).filter((text) => /^openat.*"\/proc\/sys\//.test(text));

  test('that docker sets in a network of the container’s own can be set otherwise', () => {
    const name = 'net.ipv4.ip_unprivileged_port_start';
    expect(files({})).toEqual([expect.stringContaining(pathOf(name))]);
    const { program } = planOf({ sysctl: [[name, '1024']] });
    expect(texts(program.inside)).toContainEqual(expect.stringMatching(/^write\(.*"1024"/));
    expect(files({ sysctl: [[name, '1024']] }).length).toBe(1);
  });

  test.each([
    ['network', { network: [{ network: 'host', aliases: [] }] }, 'net.core.somaxconn'],
    ['IPC objects', { ipc: 'host' }, 'kernel.shmmax'],
  ])('isn’t set where the container has the host’s %s', (_, flags, name) => {
    expect(() => planOf({ ...(flags as Flags), sysctl: [[name, '1']] })).toThrow(`sysctl '${name}' is not allowed`);
    expect(() => planOf(flags as Flags)).not.toThrow();
  });
});

test('a filter is compiled once, and then read', () => {
  const cache = join(rootfs, 'cache');
  vi.stubEnv('BOXSTEP_CACHE', cache);
  const filterOf = () => inOrder(planOf().program).find(isFilter);
  /** To compile it again would make another file of the name. */
  const files = () => readdirSync(join(cache, 'seccomp')).map((name) => statSync(join(cache, 'seccomp', name)).ino);
  const first = filterOf();
  const written = files();
  expect(filterOf()).toEqual(first);
  expect([written.length, files()]).toEqual([1, written]);
  vi.unstubAllEnvs();
});
