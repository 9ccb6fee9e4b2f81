import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import { needs } from '../../test/needs.ts';
import { configuration, QUESTIONS } from './calibration/packets/configuration.ts';
import { modelledPackets } from './calibration/packets/modelled.ts';
import { random } from './calibration/random.ts';

// `CALIBRATE=100 CALIBRATE_FROM=1 npx vitest run --project e2e shared-native/test/packets.e2e.test.ts` tries so many networks.
const NETWORKS = Number(process.env.CALIBRATE ?? 2);
const FROM = Number(process.env.CALIBRATE_FROM ?? 1);

beforeEach(needs('root', 'nft'));

interface Became {
  readonly udp: string | null;
  readonly tcp: string | null;
}

function really(seed: number): Became[] {
  const script = fileURLToPath(new URL('calibration/packets/really.ts', import.meta.url));
  const input = JSON.stringify({ configuration: configuration(random(seed)), questions: QUESTIONS });
  const { status, stdout, stderr } = spawnSync('unshare', ['--net', process.execPath, script], {
    input,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${status} ${stderr}`);
  return JSON.parse(stdout) as Became[];
}

test.each(Array.from({ length: NETWORKS }, (_, nth) => FROM + nth))(
  'packets arrive, or not, and are translated as the model says: network %i',
  (seed) => {
    const modelled = modelledPackets(configuration(random(seed)), QUESTIONS);
    const differences = really(seed).flatMap(({ udp, tcp }, number) => {
      const { story, ...model } = modelled[number] as (typeof modelled)[number];
      const asked = QUESTIONS[number] as (typeof QUESTIONS)[number];
      const what = `${asked.in} to ${asked.to} port ${asked.port}`;
      return [
        ...(udp === model.udp
          ? []
          : [`${what} by UDP: the kernel ${udp}, the model ${model.udp} ${story.udp.why ?? ''}`]),
        ...(tcp === model.tcp
          ? []
          : [
              `${what} by TCP: the kernel ${tcp}, the model ${model.tcp} ${story.tcp.why ?? story.tcp.whyNoAnswer ?? ''}`,
            ]),
      ];
    });
    expect(differences.join('\n')).toBe('');
  },
);
