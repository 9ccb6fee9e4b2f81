export * from 'step-06/model';
