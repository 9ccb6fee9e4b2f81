/** What the steps take from node:util while they are loaded. */
export const promisify =
  (of: (...args: unknown[]) => void) =>
  (...args: unknown[]) =>
    new Promise((done, failed) => {
      of(...args, (error: unknown, value: unknown) => (error ? failed(error) : done(value)));
    });

export const stripVTControlCharacters = (text: string): string => text;

export const styleText = (_format: unknown, text: string): string => text;

export const getSystemErrorMap = (): Map<number, [string, string]> => new Map();

export const parseEnv = (): Record<string, string> => ({});
