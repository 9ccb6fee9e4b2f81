import { main } from 'step-06';
import { step } from './index.ts';

export { command } from 'step-06';

main(step);
