import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { assertNoBridge } from '../src/network/bridges.ts';
import { pastaLine } from '../src/network/pasta.ts';
import { networkProgram } from '../src/network/program.ts';

const tcp = { hostIp: '', hostPort: 8080, containerPort: 80, protocol: 'tcp' } as const;

describe('what gives an ordinary user’s container a network', () => {
  const looks = (programs: readonly string[], tun?: string) => ({
    isInstalled: (program: string) => programs.includes(program),
    tunError: () => tun,
  });

  it('is pasta, or slirp4netns where there is no pasta', () => {
    expect(networkProgram(looks(['slirp4netns', 'pasta']))).toBe('pasta');
    expect(networkProgram(looks(['slirp4netns']))).toBe('slirp4netns');
  });

  it('is nothing without either, and the sentence has the command that installs one', () => {
    expect(() => networkProgram(looks([]))).toThrow(/neither is here\. Type: sudo apt-get install passt$/);
  });

  it('is nothing where no interface can be made, and the sentence has the command that lets it', () => {
    expect(() => networkProgram(looks(['pasta'], 'EACCES'))).toThrow(/Type: sudo chmod 666 \/dev\/net\/tun$/);
    expect(() => networkProgram(looks(['pasta'], 'ENOENT'))).toThrow(/Type: sudo modprobe tun$/);
  });
});

describe('the line of pasta', () => {
  it('opens no way to the host’s own loopback, and no port that nobody has published', () => {
    const line = pastaLine('/ns', '/pid', []).join(' ');
    expect(line).toContain('--no-map-gw -T none -U none -t none -u none');
  });

  it('has an option for each port, since an address would count for all that stand behind it', () => {
    const ports = [
      tcp,
      { ...tcp, hostIp: '127.0.0.1', hostPort: 8081 },
      { ...tcp, protocol: 'udp', hostPort: 53 } as const,
    ];
    const line = pastaLine('/ns', '/pid', ports).join(' ');
    expect(line).toMatch(/-t 8080:80 -t 127\.0\.0\.1\/8081:80 -u 53:80$/);
  });
});

it('a network that takes a bridge is refused to an ordinary user, with the command that makes one', () => {
  const wanted = (network: string) => [{ network, aliases: [] }];
  expect(() => assertNoBridge(wanted('mine'))).not.toThrow();
  vi.stubEnv('BOXSTEP_UID', '1000');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(() => assertNoBridge(wanted('mine'))).toThrow(/sudo \.\/boxstep 9 network create mine$/);
  for (const one of ['none', 'host', 'bridge', 'container:web'])
    expect(() => assertNoBridge(wanted(one))).not.toThrow();
});
