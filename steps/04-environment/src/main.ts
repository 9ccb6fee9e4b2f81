import { main } from 'step-03';
import { step } from './index.ts';

main(step);
