// What a person typed, made safe to show: control characters never reach the terminal.

/** The text with control characters as escapes, cut after 200 characters. */
export const printable = (text: string): string =>
  [...text].slice(0, 200).map((character) => (/[\u0000-\u001f\u007f-\u009f]/.test(character) ? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}` : character)).join('');
