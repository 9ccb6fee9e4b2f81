export * from 'step-04/model';
