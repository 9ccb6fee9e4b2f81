export * from 'step-05/model';
