export * from 'step-08/files';
export { asItsOwn } from './kept.ts';
