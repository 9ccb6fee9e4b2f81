import { Misuse, put, type Subcommand } from 'step-10';

/** `completion`: a script by which a shell completes what is typed. @param all - the commands that there are */
export function completionCommand(all: () => readonly Subcommand[]): Subcommand {
  return {
    name: 'completion',
    description: 'print a script by which bash, zsh or fish completes commands',
    positionals: [['<shell>', 'bash, zsh or fish: source <(boxstep completion bash)']],
    needsRoot: false,
    failure: 1,
    async run(_, [shell = '']) {
      if (shell === 'fish') put((await import('./completion/fish.ts')).fish(all()));
      else if (shell === 'bash' || shell === 'zsh') put((await import('./completion/bash.ts'))[shell](all()));
      else throw new Misuse(`there is no completion for ${JSON.stringify(shell)}: it is bash, zsh or fish`, 1);
      return 0;
    },
  };
}
