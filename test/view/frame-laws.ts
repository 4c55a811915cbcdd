// What holds of every frame: boxes inside the screen, no line wider than its box, no control character, the cursor on the screen.
import assert from 'node:assert/strict';
import type { Frame } from '../../src/view/frame.ts';
import { lineWidth } from '../../src/view/span.ts';

export function assertFrame(frame: Frame, where: string): void {
  const ids = new Set<string>();
  for (const box of frame.boxes) {
    assert.ok(!ids.has(box.id), `${where}: two boxes are called ${box.id}`);
    ids.add(box.id);
    assert.ok(box.x >= 0 && box.y >= 0 && box.width >= 0 && box.height >= 0, `${where}: ${box.id} stands at ${box.x},${box.y}`);
    assert.ok(box.x + box.width <= frame.columns && box.y + box.height <= frame.rows, `${where}: ${box.id} (${box.x},${box.y} ${box.width}x${box.height}) does not fit ${frame.columns}x${frame.rows}`);
    const border = box.border ? 2 : 0;
    assert.ok(box.lines.length <= box.height - border, `${where}: ${box.id} has ${box.lines.length} lines for ${box.height - border}`);
    for (const line of box.lines) {
      const text = line.map((one) => one.text).join('');
      assert.ok(lineWidth(line) <= box.width - border, `${where}: a line of ${box.id} is ${lineWidth(line)} wide for ${box.width - border}: ${text}`);
      assert.ok(!/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(text), `${where}: ${box.id} holds a control character: ${JSON.stringify(text)}`);
    }
  }
  if (frame.cursor !== null) assert.ok(frame.cursor.x >= 0 && frame.cursor.x < frame.columns && frame.cursor.y >= 0 && frame.cursor.y < frame.rows, `${where}: the cursor is off the screen`);
}
