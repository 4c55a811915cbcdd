// Themes are data: for each role a colour and attributes. Decoded here, drawn by the terminal.
import { fail, succeed } from '../sim/base/result.ts';
import type { Result } from '../sim/base/result.ts';
import type { Problem } from '../sim/model/problem.ts';
import type { Role } from './frame.ts';

/** One of the terminal's own 16 by name, a number of the 256, or the terminal's default. */
export type Colour = number | 'default' | (typeof colourNames)[number];

export const colourNames = [
  'black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white',
  'bright-black', 'bright-red', 'bright-green', 'bright-yellow', 'bright-blue', 'bright-magenta', 'bright-cyan', 'bright-white',
] as const;

export interface Look {
  readonly fg: Colour;
  readonly bg: Colour;
  readonly bold: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

export interface Theme {
  readonly name: string;
  readonly roles: Readonly<Record<Role, Look>>;
}

export const roles: readonly Role[] = [
  'text', 'dim', 'strong', 'accent', 'good', 'bad', 'warn', 'title', 'border', 'border-focus', 'heading', 'code', 'link',
  'key', 'selected', 'cursor', 'selection', 'object', 'number', 'comment', 'string', 'bar',
];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

const isColour = (value: unknown): value is Colour =>
  value === 'default' || colourNames.some((name) => name === value) || (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255);

/** Reads `{ "name", "roles": { ROLE: { "fg", "bg", "bold", "underline", "inverse" } } }`; what a role leaves out is the terminal's default. Fails with every slip. */
export function decodeTheme(text: string, file: string): Result<Theme, Problem> {
  const problems: Problem[] = [];
  const report = (says: string, field: string | null): void => {
    problems.push({ code: 'theme', severity: 'error', says, where: { file, line: null, column: null, object: null, field }, help: null });
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    report('the theme is not JSON', null);
    return fail(...problems);
  }
  const table = isRecord(value) && isRecord(value['roles']) ? value['roles'] : null;
  const name = isRecord(value) && typeof value['name'] === 'string' ? value['name'] : null;
  if (name === null) report('a theme has a name', 'name');
  if (table === null) report('a theme has roles', 'roles');
  const colour = (given: unknown, field: string): Colour => {
    if (given === undefined) return 'default';
    if (isColour(given)) return given;
    report(`${JSON.stringify(given)} is no colour: a number from 0 to 255, "default" or a name like "bright-cyan"`, field);
    return 'default';
  };
  const lookOf = (role: Role): Look => {
    const given = table !== null && Object.hasOwn(table, role) ? table[role] : undefined;
    if (!isRecord(given)) {
      if (table !== null) report(`the role ${role} is missing`, `roles.${role}`);
      return { fg: 'default', bg: 'default', bold: false, underline: false, inverse: false };
    }
    return {
      fg: colour(given['fg'], `roles.${role}.fg`), bg: colour(given['bg'], `roles.${role}.bg`),
      bold: given['bold'] === true, underline: given['underline'] === true, inverse: given['inverse'] === true,
    };
  };
  const looks = Object.fromEntries(roles.map((role) => [role, lookOf(role)])) as Record<Role, Look>;
  for (const key of Object.keys(table ?? {})) if (!roles.some((role) => role === key)) report(`there is no role ${key}`, `roles.${key}`);
  return problems.length > 0 ? fail(...problems) : succeed({ name: name ?? '', roles: looks });
}
