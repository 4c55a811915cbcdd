// When something happened, as kubectl writes it: simulated seconds on the lab's calendar.
import { timestampOf } from '../../sim/cluster/server-metadata.ts';
import type { Stored } from '../../sim/cluster/store.ts';

/** When an object was made: what its manifest says, or the lab's clock. */
export function createdAt(stored: Stored): Date {
  const written = stored.object.metadata.creationTimestamp;
  const parsed = typeof written === 'string' ? Date.parse(written) : Number.NaN;
  return Number.isNaN(parsed) ? new Date(Date.parse(timestampOf(stored.created))) : new Date(parsed);
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number): string => String(number).padStart(2, '0');

/** `Thu, 01 Jan 2026 00:12:00 +0000` (RFC 1123 with a numeric zone). */
export const rfc1123 = (date: Date): string =>
  `${days[date.getUTCDay()] ?? ''}, ${two(date.getUTCDate())} ${months[date.getUTCMonth()] ?? ''} ${date.getUTCFullYear()} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;

/** `2026-01-01 00:12:00 +0000 UTC` (Go's own form). */
export const goTime = (date: Date): string => `${date.toISOString().slice(0, 10)} ${date.toISOString().slice(11, 19)} +0000 UTC`;
