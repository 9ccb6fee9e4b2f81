import { join } from 'node:path';
import type { Step } from '../step/step.ts';
import { ROOT, shown } from '../step/workspace.ts';
import { exportForGradescope } from './gradescope.ts';
import { exportForStudents } from './students.ts';

export type Whom = 'students' | 'gradescope';

/**
 * Writes a step for those who need it.
 *
 * @param rules - a class.yml, by which Gradescope gives points and shows them
 * @returns what to say of it
 */
export function exportStep(
  step: Step,
  to = join(ROOT, 'homework/export', step.name),
  whom?: Whom,
  rules?: string,
): string {
  const [students, autograder] = [join(to, 'students'), join(to, 'gradescope')];
  const told: string[] = [];
  if (whom !== 'gradescope') {
    exportForStudents(step, students);
    told.push(
      `${shown(students)} is for students: it holds no solution of ${step.name}. As a repository for GitHub Classroom:`,
      `  cd ${shown(students)} && git init -b main && git add . && git commit -m "Homework: ${step.name}"`,
    );
  }
  if (whom !== 'students') {
    exportForGradescope(step, autograder, rules);
    told.push(
      `${shown(autograder)} is for Gradescope, and holds the solution. What to upload as the autograder:`,
      `  cd ${shown(autograder)} && zip -r ../autograder.zip .`,
    );
  }
  return told.join('\n');
}
