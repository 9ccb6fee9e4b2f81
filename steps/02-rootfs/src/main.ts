import { main } from 'step-01';
import { step } from './index.ts';

export { command } from 'step-01';

main(step);
