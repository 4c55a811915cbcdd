// Text that people wrote is data: control characters in it are made visible before anybody could obey them.

/** Line breaks and tabs stay; every other control character is shown as its picture (`␛`), and characters that turn the writing direction as `�`. */
export function shownText(text: string): string {
  if (!/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(text)) return text;
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, (character) => String.fromCharCode(0x2400 + character.charCodeAt(0)))
    .replace(/\u007f/g, '␡')
    .replace(/[\u0080-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** The same on one line: breaks become spaces. */
export const shownLine = (text: string): string => shownText(text).replace(/[\n\t]+/g, ' ').trim();
