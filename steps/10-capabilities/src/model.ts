export * from 'step-09/model';
