import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import type { SockFilter } from 'shared-native';
import { ARCHITECTURES, type Architecture } from '../src/seccomp/numbers.ts';
import { COMPARISONS, type Profile } from '../src/seccomp/profile.ts';

const TOKENS: Readonly<Record<Architecture, number>> = {
  x86_64: 0xc000_003e,
  x86: 0x4000_0003,
  x32: 0x4000_003e,
  aarch64: 0xc000_00b7,
  arm: 0x4000_0028,
};
const EEXIST = -17;
const EDOM = -33;

const library = () => {
  const loaded = koffi.load('libseccomp.so.2');
  koffi.struct('scmp_arg_cmp', { arg: 'unsigned int', op: 'int', datum_a: 'uint64_t', datum_b: 'uint64_t' });
  return {
    init: loaded.func('void *seccomp_init(uint32_t)'),
    release: loaded.func('void seccomp_release(void *)'),
    addArch: loaded.func('int seccomp_arch_add(void *, uint32_t)'),
    removeArch: loaded.func('int seccomp_arch_remove(void *, uint32_t)'),
    addRule: loaded.func('int seccomp_rule_add_array(void *, uint32_t, int, unsigned int, const scmp_arg_cmp *)'),
    resolve: loaded.func('int seccomp_syscall_resolve_name(const char *)'),
    resolveFor: loaded.func('int seccomp_syscall_resolve_name_arch(uint32_t, const char *)'),
    exportBpf: loaded.func('int seccomp_export_bpf(void *, int)'),
  };
};
let loaded: ReturnType<typeof library> | undefined;

/** What libseccomp makes of a profile: the instructions of its filter, as an independent answer. */
export function byLibseccomp({ otherwise, architectures, rules }: Profile): SockFilter[] {
  loaded ??= library();
  const { init, release, addArch, removeArch, addRule, resolve, exportBpf } = loaded;
  const context = init(otherwise);
  try {
    for (const arch of ARCHITECTURES) if (architectures.includes(arch)) addArch(context, TOKENS[arch]);
    if (!architectures.includes('x86_64')) removeArch(context, TOKENS.x86_64);
    for (const { names, action, conditions } of rules.filter((rule) => rule.action !== otherwise)) {
      const args = conditions.map(({ index, op, value, valueTwo }) => ({
        arg: index,
        op: COMPARISONS.indexOf(op) + 1,
        datum_a: value,
        datum_b: valueTwo,
      }));
      for (const number of names.map((name) => resolve(name) as number).filter((one) => one !== -1)) {
        const answer = addRule(context, action, number, args.length, args);
        if (answer < 0 && answer !== EEXIST && answer !== EDOM)
          throw new Error(`libseccomp takes no rule for ${names.join()}: ${answer}`);
      }
    }
    return exported((fd) => exportBpf(context, fd) as number);
  } finally {
    release(context);
  }
}

/** Does libseccomp know a call by this name, for an architecture? */
export function libseccompKnows(name: string, arch: Architecture): number {
  loaded ??= library();
  return loaded.resolveFor(TOKENS[arch], name);
}

function exported(write: (fd: number) => number): SockFilter[] {
  const folder = mkdtempSync(join(tmpdir(), 'boxstep-libseccomp-'));
  const path = join(folder, 'filter');
  const fd = openSync(path, 'w');
  const answer = write(fd);
  closeSync(fd);
  const bytes = readFileSync(path);
  rmSync(folder, { recursive: true });
  if (answer !== 0) throw new Error(`libseccomp exports nothing: ${answer}`);
  return Array.from({ length: bytes.length / 8 }, (_, nth) => ({
    code: bytes.readUInt16LE(nth * 8),
    jt: bytes.readUInt8(nth * 8 + 2),
    jf: bytes.readUInt8(nth * 8 + 3),
    k: bytes.readUInt32LE(nth * 8 + 4),
  }));
}
