import { type Call, errnoName } from '../../src/index.ts';
import { errnoIn } from '../../src/rtnetlink/tell.ts';

/** What a program came to, in the same words whether the kernel made its calls or the model. */
export interface Outcome {
  /** What each call answered: its result, or the error's name. */
  readonly answers: readonly (number | string)[];
  /** `done`, `executed`, `exited 3`, `killed by SIGTERM`, or `waiting` for what does not come. */
  readonly end: string;
  /** What /proc shows of the process afterwards, by name; nothing if it has ended. */
  readonly shown: Readonly<Record<string, string>>;
}

/** What a call answered: its result; of what was read, the text; of a message that was received, the error in it, and its length. */
export function received({ name, args }: Call, result: number, bytes?: Uint8Array): number | string {
  const { buf } = args;
  if (name === 'read' && result > 0 && buf?.kind === 'room') return textOf((bytes ?? buf.into).subarray(0, result));
  if (name !== 'recvfrom' || result <= 0 || buf?.kind !== 'room') return result;
  const errno = errnoIn(bytes ?? buf.into);
  return `${errno === 0 ? 'acknowledged' : `refused ${errnoName(errno)}`}, ${result} bytes`;
}

const textOf = (bytes: Uint8Array) => JSON.stringify(new TextDecoder().decode(bytes));

/** Every difference between what the kernel did and what the model did, one a line. */
export function differences(real: Outcome, modelled: Outcome, names: readonly string[]): string[] {
  const lines: string[] = [];
  const differ = (what: string, one: unknown, other: unknown) => {
    if (one !== other) lines.push(`${what}: the kernel ${one}, the model ${other}`);
  };
  const count = Math.max(real.answers.length, modelled.answers.length);
  for (let index = 0; index < count; index++) {
    const [one, other] = [real.answers[index], modelled.answers[index]];
    const areKeys = names[index] === 'keyctl' && typeof one === 'number' && typeof other === 'number'; // of any number
    if (!areKeys) differ(`call ${index + 1} (${names[index]})`, one, other);
  }
  differ('end', real.end, modelled.end);
  for (const name of Object.keys(real.shown)) differ(name, real.shown[name], modelled.shown[name]);
  return lines;
}
