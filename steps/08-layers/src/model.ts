export * from 'step-07/model';
