// The one folder that the lab writes to unasked.
import { homedir } from 'node:os';
import path from 'node:path';
import envPaths from 'env-paths';

/** By the XDG Base Directory Specification, which says that a relative path is to be ignored; on other systems the place that is theirs. */
export function dataFolder(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): string {
  const xdg = env['XDG_DATA_HOME'];
  if (xdg !== undefined && path.isAbsolute(xdg)) return path.join(xdg, 'k8snet-lab');
  if (platform === 'darwin' || platform === 'win32') return envPaths('k8snet-lab', { suffix: '' }).data;
  const home = env['HOME'];
  return path.join(home !== undefined && path.isAbsolute(home) ? home : homedir(), '.local', 'share', 'k8snet-lab');
}
