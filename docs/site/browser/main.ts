/** What the pages gain where there is JavaScript. Each part finds its own elements, and does nothing without them. */
import { copyButtons } from './copy.ts';
import { openWhatIsMeant } from './details.ts';
import { enlargeButtons } from './enlarge.ts';
import { progress } from './progress.ts';
import { recording } from './recording.ts';
import { scrollsByKeys } from './scrolls.ts';
import { search } from './search.ts';
import { termNotes } from './terms.ts';
import { themeButton } from './theme.ts';
import { whereInPage } from './where.ts';

for (const part of [
  themeButton,
  progress,
  copyButtons,
  enlargeButtons,
  openWhatIsMeant,
  scrollsByKeys,
  search,
  termNotes,
  whereInPage,
  recording,
])
  part();
