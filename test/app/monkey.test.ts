// A monkey at the keyboard: whatever is pressed, pasted, clicked or resized, the lab neither falls over nor gets stuck.
import test from 'node:test';
import assert from 'node:assert/strict';
import { hash32 } from '../../src/sim/base/choose.ts';
import { frameOf } from '../../src/view/frame-of.ts';
import { assertFrame } from '../view/frame-laws.ts';
import { Player } from './player.ts';

const keys = [
  'up', 'down', 'left', 'right', 'enter', 'tab', 'S-tab', 'escape', 'pageup', 'pagedown', 'home', 'end', 'backspace', 'delete', 'space', 'C-r', 'C-p', 'C-s', 'C-a', 'C-k', 'C-y', 'C-z', 'C-v', 'C-w', 'C-u', 'f1',
  'M-1', 'M-2', 'M-3', 'M-4', 'M-5', 'M-6', 'M-7', 'M-8', 'M-9', 'C-d', 'C-n', 'C-`', 'C-f', 'C-g', 'C-c', 'C-o', 'S-right', 'S-down', 'C-l', ...'abcdefghjklmnopqrstuvwxyzDGZ123456789+.,:?/-[]'.split(''),
];
const lines = [
  'kubectl get pods -A', 'kubectl get endpointslices -n shop', 'kubectl exec -n shop deploy/web -- curl -sS http://api:8080/', 'kubectl edit service api -n shop', 'kubectl delete pod --all -n shop', 'kubectl exec -n shop deploy/web -- nslookup api',
  'kubectl apply -f nothing.yaml', 'nonsense "unclosed', 'kubectl scale deploy/api -n shop --replicas=0', 'kubectl label pod -n shop -l app=api tier=backend', 'clear', '\u001b[31mred\u0007', 'kubectl exec -it -n shop deploy/web -- sh', 'ssh worker-1', 'exit', "echo 'open", 'kubectl patch cluster lab --type merge -p \'{"spec":{"kubeProxy":{"mode":"ipvs"}}}\'', 'kubectl drain worker-1 --ignore-daemonsets --force', '日本語 e\u0301 😀', 'kubectl delete networkpolicy --all -n shop',
];

/** Megabytes after a collection; `null` where Node was started without --expose-gc. */
const heap = (): number | null => {
  if (globalThis.gc === undefined) return null;
  globalThis.gc();
  return process.memoryUsage().heapUsed / 1e6;
};

/** 10,000 things in all with `npm test`; `TURNS=33334` plays 100,000. */
const turns = Number(process.env['TURNS'] ?? 3400);

/** Plays `count` random things; the seed makes it the same on every machine. */
function play(lesson: string, seed: number, count: number): void {
  const player = new Player({ lesson });
  const dice = (key: string, sides: number): number => hash32(`${seed}.${key}`) % sides;
  const trail: string[] = [];
  let early: number | null = null;
  for (let turn = 0; turn < count; turn++) {
    const what = dice(`what${turn}`, 100);
    let name: string;
    if (what < 80) player.press(name = keys[dice(`key${turn}`, keys.length)] ?? 'up');
    else if (what < 88) {
      name = lines[dice(`line${turn}`, lines.length)] ?? '';
      const pasted = dice(`paste${turn}`, 4) === 0;
      if (pasted || (player.state.desk !== null && player.state.overlay === null && player.desk.focus === 'terminal')) player.hears({ kind: 'pasted', text: `${name}\n` });
      else player.press('M-5');
    } else if (what < 94) {
      const [x, y] = [dice(`x${turn}`, player.state.size.columns), dice(`y${turn}`, player.state.size.rows)];
      name = `click ${x},${y}`;
      player.clicks(x, y, (['down', 'wheel-up', 'wheel-down'] as const)[dice(`mouse${turn}`, 3)] ?? 'down');
    } else if (what < 98) {
      const [columns, rows] = ([[80, 24], [120, 40], [100, 30], [160, 50], [61, 18], [20, 5], [1, 1]] as const)[dice(`size${turn}`, 7)] ?? [80, 24];
      name = `resize ${columns}x${rows}`;
      player.resizes(columns, rows);
    } else {
      name = 'beat';
      player.hears({ kind: 'beat' });
    }
    trail.push(name);
    if (trail.length > 40) trail.shift();
    if (turn === Math.floor(count / 2)) early = heap();
    assertFrame(frameOf(player.state), `${lesson}, seed ${seed}, after ${trail.slice(-12).join(' · ')}`);
  }
  const late = heap();
  if (early !== null && late !== null) assert.ok(late < early + 40, `memory grows: ${early.toFixed(0)} MB half way, ${late.toFixed(0)} MB at the end`);
  // Nothing that was pressed can lock the way out.
  for (let tries = 0; tries < 12 && player.state.desk !== null; tries++) player.press('escape', 'y', 'escape');
  assert.equal(player.state.desk, null, 'Esc leads back to the map');
}

for (const [lesson, seed] of [['empty-endpoint-list', 1], ['default-deny-then-allow', 2], ['tour-four-layers', 3]] as const) {
  test(`a monkey that plays ${lesson} breaks nothing`, () => play(lesson, seed, turns));
}
