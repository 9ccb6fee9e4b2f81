export * from 'step-01/model';
