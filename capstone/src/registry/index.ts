export { type ProvideOptions, type PullPolicy, provideImage, pullPolicy } from './provide.ts';
