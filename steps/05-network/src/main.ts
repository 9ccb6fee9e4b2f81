import { main } from 'step-04';
import { step } from './index.ts';

main(step);
