// Tells when something in folders changed; several changes of one moment are told once.
import { watch } from 'node:fs';

const calm = 100;

/** Never ends by itself: a signal ends the program. */
export function watchFolders(folders: readonly string[], changed: () => void): Promise<never> {
  let waiting: NodeJS.Timeout | undefined;
  return new Promise<never>((_, reject) => {
    for (const folder of folders) {
      watch(folder, { recursive: true }, () => {
        clearTimeout(waiting);
        waiting = setTimeout(changed, calm);
      }).on('error', reject);
    }
  });
}
