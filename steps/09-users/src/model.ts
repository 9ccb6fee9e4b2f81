export * from 'step-08/model';
