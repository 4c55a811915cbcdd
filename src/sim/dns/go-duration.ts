// Durations as Go reads them: `5s`, `1h30m`.

const units: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, 'µs': 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** The seconds of a duration; `undefined` for what is none. */
export function secondsOf(text: string): number | undefined {
  if (durationRefusal(text) !== undefined) return undefined;
  const parts = [...text.matchAll(/(\d+\.?\d*|\.\d+)([a-zµ]+)/g)];
  const seconds = parts.reduce((sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ''] ?? 0), 0);
  return text.startsWith('-') ? -seconds : seconds;
}

/** What Go says about a text that is no duration (time.ParseDuration); `undefined` when it is one. */
export function durationRefusal(text: string): string | undefined {
  const bare = text.replace(/^[+-]/, '');
  if (bare === '0') return undefined;
  const quoted = JSON.stringify(text);
  if (bare === '') return `time: invalid duration ${quoted}`;
  let rest = bare;
  while (rest !== '') {
    const [, , unit = ''] = /^(\d+\.?\d*|\.\d+)([^\d.]*)/.exec(rest) ?? [];
    const [whole = ''] = /^(\d+\.?\d*|\.\d+)([^\d.]*)/.exec(rest) ?? [];
    if (whole === '') return `time: invalid duration ${quoted}`;
    if (unit === '') return `time: missing unit in duration ${quoted}`;
    if (!Object.hasOwn(units, unit)) return `time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`;
    rest = rest.slice(whole.length);
  }
  return undefined;
}
