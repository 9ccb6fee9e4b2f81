import { main } from 'step-09';
import { step } from './index.ts';

main(step);
