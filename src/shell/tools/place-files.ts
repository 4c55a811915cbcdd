// Files that a place has of its own: what the kubelet writes into containers, and what the kernel shows under /proc/sys and /sys/class/net.
import type { Inside } from '../command.ts';
import type { Lab } from '../../sim/lab.ts';
import { sysctlOf } from './sysctl-values.ts';
import { interfacesAt } from './interfaces.ts';

/** The text of a file; `null` where the place has none of that name. */
export function placeFile(lab: Lab, inside: Inside, path: string): string | null {
  switch (path) {
    case '/etc/resolv.conf': return inside.resolvConf;
    case '/etc/hosts': return inside.hostsFile;
    case '/etc/hostname':
    case '/proc/sys/kernel/hostname': return `${inside.hostname}\n`;
    case '/etc/nsswitch.conf': return 'passwd:         files\ngroup:          files\nhosts:          files dns\nservices:       db files\n';
    case '/etc/os-release': return inside.from.kind === 'pod' ? null : 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nNAME="Debian GNU/Linux"\nVERSION_ID="13"\nID=debian\n';
    case '/var/run/secrets/kubernetes.io/serviceaccount/namespace':
    case '/run/secrets/kubernetes.io/serviceaccount/namespace': return inside.pod === null ? null : inside.pod.namespace;
  }
  const sysctl = /^\/proc\/sys\/(.+)$/.exec(path);
  if (sysctl !== null) {
    const value = sysctlOf(lab, inside, (sysctl[1] ?? '').replaceAll('/', '.'));
    return value === null ? null : `${value}\n`;
  }
  const link = /^\/sys\/class\/net\/([^/]+)\/(mtu|address|operstate|ifindex|brport\/hairpin_mode)$/.exec(path);
  if (link === null) return null;
  const found = interfacesAt(lab, inside).find(({ name }) => name === link[1]);
  if (found === undefined) return null;
  switch (link[2]) {
    case 'mtu': return `${found.mtu}\n`;
    case 'address': return `${found.mac}\n`;
    case 'operstate': return `${found.state.toLowerCase()}\n`;
    case 'ifindex': return `${found.index}\n`;
    default: return found.hairpin === null ? null : `${found.hairpin ? 1 : 0}\n`;
  }
}
