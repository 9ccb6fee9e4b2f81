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
      const { call, result } = made;
      const more = before?.call.name === call.name && inWords(before.call) === inWords(call);
      before = made;
      if (!more)
        line(call.name === 'clone' ? 'host' : 'process', `${asText(call)} = ${resultText(result)}`, inWords(call));
    },
    becoming: ([first, ...others]) => {
      if (!first) return;
      const search = others.length > 0 ? `, or what one of the ${others.length} other directories of PATH has` : '';
      line('process', asText(first), `${inWords(first)}${search}`);
    },
  };
}

function line(who: 'host' | 'process', what: string, words: string): void {
  put(`${styled('cyan', who.padEnd(7), STDERR)}  ${what}${styled('dim', `   # ${words}`, STDERR)}\n`, STDERR);
}
