export * from 'step-08/store';
