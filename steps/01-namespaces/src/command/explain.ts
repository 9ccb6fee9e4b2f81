import { asStrace, inWords, type Made, resultText } from 'shared-native';
import { asShell } from '../engine/action.ts';
import type { Narrator } from '../engine/narrate.ts';
import { put, STDERR, styled } from './say.ts';

/** A narrator that prints. */
export interface Explainer extends Narrator {
  /** From now on it remembers what it is told: it would come before what is still being copied, and a raw terminal would show it as a staircase. */
  hold(): void;
  /** Prints what it has been told meanwhile, and goes on printing. */
  goOn(): void;
}

/**
 * Prints what happens as it happens, on standard error: `--explain`.
 *
 * @param gone - is told if it can't be printed: never thrown, since what is done must be undone, told or not
 */
export function explainer(gone: (error: Error) => void): Explainer {
  let before: Made | undefined;
  let held: string[] | undefined;
  const print = (text: string) => {
    try {
      put(text, STDERR);
    } catch (error) {
      gone(error as Error);
    }
  };
  const line = (who: 'host' | 'process', what: string, words: string) => {
    const text = lineOf(who, what, words);
    if (held) held.push(text);
    else print(text);
  };
  return {
    hold() {
      held ??= [];
    },
    goOn() {
      print(held?.join('') ?? '');
      held = undefined;
    },
    deed: (deed, what) => line('host', asShell(deed), what),
    made(made) {
      const { call, result } = made;
      const more = before?.call.name === call.name && inWords(before.call) === inWords(call);
      before = made;
      if (!more)
        line(call.name === 'clone' ? 'host' : 'process', `${asStrace(call)} = ${resultText(result)}`, inWords(call));
    },
    becoming: ([first, ...others]) => {
      if (!first) return;
      const search = others.length > 0 ? `, or what one of the ${others.length} other directories of PATH has` : '';
      line('process', asStrace(first), `${inWords(first)}${search}`);
    },
  };
}

function lineOf(who: string, what: string, words: string): string {
  return `${styled('cyan', who.padEnd(7), STDERR)}  ${what}${styled('dim', `   # ${words}`, STDERR)}\n`;
}
