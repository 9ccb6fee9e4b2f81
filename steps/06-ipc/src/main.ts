import { main } from 'step-05';
import { step } from './index.ts';

main(step);
