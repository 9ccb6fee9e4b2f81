import { main } from 'step-08';
import { step } from './index.ts';

main(step);
