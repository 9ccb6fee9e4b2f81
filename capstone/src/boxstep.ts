import { type Options, type Step, step } from 'step-10';
import { commands } from './commands.ts';
import './containers/event.ts'; // writes down what any of them does
import { demo } from './demo.ts';
import { dockersUsage } from './usage/usage.ts';

/** The capstone as its command runs it: step 10's containers, and commands that find them again. */
export const boxstep: Step<Options> = {
  ...step,
  name: 'boxstep',
  title: 'a small Docker',
  commands,
  demo,
  usage: dockersUsage(commands),
};
