export * from 'step-08/files';
export { asItsOwn, mapsOf } from './kept.ts';
