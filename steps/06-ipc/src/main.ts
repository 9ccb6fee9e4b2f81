import { main } from 'step-05';
import { step } from './index.ts';

export { command } from 'step-05';

main(step);
