import { main } from 'step-04';
import { step } from './index.ts';

export { command } from 'step-04';

main(step);
