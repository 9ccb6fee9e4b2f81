import { main } from 'step-02';
import { step } from './index.ts';

export { command } from 'step-02';

main(step);
