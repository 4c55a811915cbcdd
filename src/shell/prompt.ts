// What stands before the line that is typed: the last status when it was not 0, and where a shell stands.
import type { Session } from './session.ts';

/** `$ `; in a pod `web-6d4…:/# `, on a node `root@worker-1:~# `, outside `laptop:~$ `. */
export function promptOf(session: Session): string {
  const status = session.status === 0 ? '' : `${session.status} `;
  const place = session.places.at(-1);
  if (place === undefined) return `${status}$ `;
  switch (place.where.kind) {
    case 'container': return `${status}${place.where.pod}:/# `;
    case 'node': return `${status}root@${place.where.name}:~# `;
    case 'host': return `${status}${place.where.name}:~$ `;
  }
}
