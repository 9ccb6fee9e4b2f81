import { main } from 'step-08';
import { step } from './index.ts';

export { command } from 'step-08';

main(step);
