import { main } from 'step-02';
import { step } from './index.ts';

main(step);
