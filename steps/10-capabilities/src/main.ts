import { main } from 'step-09';
import { step } from './index.ts';

export { command } from 'step-09';

main(step);
