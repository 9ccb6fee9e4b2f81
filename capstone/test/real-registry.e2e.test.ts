import { join } from 'node:path';
import { execa } from 'execa';
import { parseReference } from 'step-10';
import { expect, test } from 'vitest';
import { archive } from '../../steps/08-layers/test/archives.ts';
import { imageOf, layoutFiles, writeDirectory } from '../../steps/08-layers/test/images.ts';
import { asAUser, BOXSTEP, inRoot } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { startRegistry } from './registry/debians.ts';

/** Types a command as a user does who keeps passwords in the root. */
function typed(program: string, args: readonly string[], input = '') {
  const { env, ...options } = asAUser();
  return execa(program, args, { ...options, env: { ...env, DOCKER_CONFIG: inRoot('docker') }, stdin: 'pipe', input });
}
const boxstep = (...args: string[]) => typed(BOXSTEP, args);

test('Debian’s registry takes an image and gives it back, to skopeo as well, and what skopeo brought is pulled', {
  tags: ['once'],
}, async (context) => {
  needs('root', 'overlay', 'docker-registry', 'skopeo')(context);
  const registry = await startRegistry(inRoot('registry'));
  try {
    const layers = ['lower', 'upper'].map((word) => archive({ path: word, body: word }));
    const image = imageOf({ layers });
    const layout = writeDirectory(inRoot('layout'), layoutFiles([[image, 'brought']]));
    const [ours, theirs] = [`${registry.host}/team/ours:1`, `${registry.host}/team/theirs:1`];

    expect((await boxstep('pull', ours)).stderr).toMatch(/^boxstep: pull access denied for .*\/team\/ours/);
    const login = await typed(BOXSTEP, ['login', '-u', 'me', '--password-stdin', registry.host], 'secret');
    expect(login.stdout).toBe('Login Succeeded');

    const skopeo = (...args: string[]) =>
      typed('skopeo', [...args, '--authfile', join(inRoot('docker'), 'config.json')]);
    const copy = ['copy', '--quiet', '--dest-tls-verify=false', '--format', 'v2s2', `oci:${layout}:brought`];
    expect(await skopeo(...copy, `docker://${theirs}`)).toMatchObject({ exitCode: 0, all: '' });
    const pull = await boxstep('pull', theirs);
    expect(pull).toMatchObject({ exitCode: 0, stderr: '' });
    expect(pull.stdout).toMatch(
      /^1: Pulling from team\/theirs\n(\w{12}: .*\n)+Digest: (sha256:\w+)\nStatus: Downloaded newer image for /,
    );
    expect(pull.stdout.split('\n').at(-1)).toBe(theirs);
    const digest = /Digest: (\S+)/.exec(pull.stdout)?.[1];

    await boxstep('image', 'tag', theirs, ours);
    const push = await boxstep('push', ours);
    expect(push.stdout).toMatch(new RegExp(`^The push refers to repository \\[${registry.host}/team/ours\\]\n`));
    expect(push.stdout.match(/: Mounted from team\/theirs$/gm)).toHaveLength(2);
    expect(push.stdout).toMatch(new RegExp(`1: digest: ${digest} size: \\d+$`));
    const seen = await skopeo('inspect', '--tls-verify=false', `docker://${ours}`);
    expect(JSON.parse(seen.stdout)).toMatchObject({ Digest: digest, Layers: image.layers.map(({ digest }) => digest) });
    expect((await boxstep('search', `${registry.host}/team/ours`)).stdout).toMatch(/^NAME +TAG\n\S+\/team\/ours +1$/);

    expect((await boxstep('rmi', theirs, ours)).stdout).toContain(`Untagged: ${registry.host}/team/ours@${digest}\n`);
    expect((await boxstep('pull', '-q', ours)).stdout).toBe(ours);
    const { stdout } = await boxstep('image', 'inspect', '-f', '{{json .RepoDigests}}', ours);
    expect(JSON.parse(stdout)).toEqual([`${registry.host}/${parseReference(ours).path}@${digest}`]);
  } finally {
    await registry.close();
  }
});
