// The few widgets of blessed-contrib that are used, as far as they are used: its own types do not pass a strict check.
declare module 'blessed-contrib/lib/widget/*' {
  import type { Widgets } from 'blessed';
  const Widget: new (options: object) => Widgets.BlessedElement & { setData(data: unknown): void; setPercent(percent: number): void };
  export default Widget;
}
