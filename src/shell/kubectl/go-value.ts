// Values as Go prints them: `%v` in templates and custom columns, `%#v` where kubectl shows what it had in hand.
import { sortedEntries } from '../../sim/base/order.ts';
import { isRecord } from '../../sim/cluster/record.ts';

/** `%v`: `map[app:web]`, `[1 2]`, `<nil>`. */
export function goText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (isRecord(value)) return `map[${sortedEntries(value).map(([key, inner]) => `${key}:${goText(inner)}`).join(' ')}]`;
  return String(value);
}

/** `%#v`: `map[string]interface {}{"app":"web"}`. */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (isRecord(value)) return `map[string]interface {}{${sortedEntries(value).map(([key, inner]) => `${JSON.stringify(key)}:${goSyntax(inner)}`).join(', ')}}`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
