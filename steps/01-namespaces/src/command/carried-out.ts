/**
 * The command that this process carries out, such as `run` or `image ls`; empty before it is known. What V8 compiled is kept under
 * this name (scripts/cold-start/boot.cjs), which looks for it among what main.ts exports: `--root` may stand before the command.
 */
export let command = '';

/** Says which command this process carries out. */
export function carriesOut(name: string): void {
  command = name;
}
