export * from 'step-09/store';
