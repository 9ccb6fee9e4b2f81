import { compile } from './compile.ts';
import { DOCKERS_DEFAULT } from './default.ts';
import { type Filter, keptFilter } from './kept.ts';
import type { Profile } from './profile.ts';
import { type Actions, type ProfileFile, parseProfile, profileFor, type Situation } from './read.ts';

/** Stands for docker's default in place of a profile's text. */
export const BUILTIN = '';

/**
 * The filter that a profile is for a container. To compile one takes longer than all of the container's calls, so it is done
 * once.
 *
 * @param text - of a profile file, or BUILTIN
 * @throws {Error} that names what is wrong in the file, and where
 */
export function filterOf(text: string, { arch, capabilities, kernel }: Situation): Filter {
  return keptFilter([text, arch, capabilities, kernel], () => {
    const profile = profileOf(text, { arch, capabilities, kernel });
    return { flags: profile.flags, program: compile(profile) };
  });
}

/** A profile's text as it applies to a container. @throws {Error} as `filterOf` does */
export function profileOf(text: string, situation: Situation): Profile {
  return profileFor(text === BUILTIN ? DOCKERS_DEFAULT : parseProfile(text), situation);
}

/** The filter of a profile that comes in another document. @param more - actions besides those that every profile can have */
export function filterFor(file: ProfileFile, { arch, capabilities, kernel }: Situation, more: Actions = {}): Filter {
  const written = JSON.stringify(file, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  return keptFilter([written, arch, capabilities, kernel], () => {
    const profile = profileFor(file, { arch, capabilities, kernel }, more);
    return { flags: profile.flags, program: compile(profile) };
  });
}
