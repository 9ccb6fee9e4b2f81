// throws an error whose name is a property of every object
// told: thrown
const error = new Error('x');
error.name = 'constructor';
throw error;
