// What the API server writes into metadata itself: identity, version and time, worked out from the store instead of from dice and clocks.
import { hash32 } from '../base/choose.ts';
import type { KubeObject } from '../model/object.ts';
import { told } from './namesakes.ts';
import { resourceOf } from './schema/shape.ts';

/** A UUID's shape for a text: the same text gives the same one. */
export function uidOf(text: string): string {
  const hex = [0, 1, 2, 3].map((part) => hash32(`${part}\u0000${text}`).toString(16).padStart(8, '0')).join('');
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4] ?? '8';
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

// The lab's clock starts at midnight of a day that means nothing.
const firstDay = 20_454; // 2026-01-01, in days since 1970

/** A moment of the simulation as metadata has it: `2026-01-01T00:12:00Z` for 720 seconds. */
export function timestampOf(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [year, month, day] = dateOf(firstDay + Math.floor(whole / 86_400));
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}T${two(Math.floor(whole / 3600) % 24)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}Z`;
}

// Days since 1970 to a date of the Gregorian calendar; years are counted from March, so that the leap day is the last.
function dateOf(days: number): readonly [year: number, month: number, day: number] {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1];
}

interface Stamp {
  readonly uid: string | undefined;
  readonly creationTimestamp: string | undefined;
  readonly resourceVersion: string | undefined;
}

/** The object with the metadata that the server owns. */
export const stamp = (object: KubeObject, { uid, creationTimestamp, resourceVersion }: Stamp): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, ...(uid === undefined ? {} : { uid }), ...(creationTimestamp === undefined ? {} : { creationTimestamp }), ...(resourceVersion === undefined ? {} : { resourceVersion }) },
});

/** The object as it is found again: in the namespace that it will have, and told from the namesakes of its kind. */
export function placed(given: KubeObject): KubeObject {
  const object = told(given);
  const namespaced = resourceOf(object.apiVersion, object.kind)?.namespaced ?? false;
  return namespaced && (object.metadata.namespace ?? '') === '' ? { ...object, metadata: { ...object.metadata, namespace: 'default' } } : object;
}
