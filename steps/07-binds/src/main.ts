import { main } from 'step-06';
import { step } from './index.ts';

main(step);
