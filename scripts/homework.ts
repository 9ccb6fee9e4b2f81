// `pnpm homework`: homework is given and graded by the package of its own.
import '../grader/src/main.ts';
