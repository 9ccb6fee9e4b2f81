export * from 'step-08/files';
export { asItsOwn, byOwners, mapsOf } from './kept.ts';
