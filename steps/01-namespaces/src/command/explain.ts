import { asText, inWords, type Made, resultText } from 'shared-native';
import { asShell } from '../engine/action.ts';
import type { Narrator } from '../engine/narrate.ts';
import { put, STDERR, styled } from './say.ts';

/** Prints what happens as it happens, on standard error: `--explain`. */
export function explainer(): Narrator {
  let before: Made | undefined;
  return {
    deed: (deed, what) => line('host', asShell(deed), what),
    made(made) {
      const more = before?.call.name === made.call.name && inWords(before.call) === inWords(made.call);
      before = made;
      if (!more) line('', `${asText(made.call)} = ${resultText(made.result)}`, inWords(made.call));
    },
    becoming: ([first, ...others]) => {
      if (!first) return;
      const search = others.length > 0 ? ` (or what the ${others.length} other directories of PATH have)` : '';
      line('', asText(first), `${inWords(first)}${search}`);
    },
  };
}

function line(who: string, what: string, words: string): void {
  const prompt = who === 'host' ? '$ ' : '  ';
  put(`${prompt}${what}${styled('dim', `   # ${words}`, STDERR)}\n`, STDERR);
}
