export * from 'step-03/model';
