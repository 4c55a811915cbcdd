// The cloud's firewall drops the tunnels between the nodes.
import { tunnelRule } from '../drill/manifests.ts';
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const cniOverlayPortBlocked: Fault = {
  name: 'cni-overlay-port-blocked',
  link: 'https://kubernetes.io/docs/concepts/cluster-administration/networking/',
  ways(scene) {
    const { mode } = scene.cast;
    const tunnel = mode === 'ipip' ? 'IP-in-IP (protocol 4)' : 'VXLAN (UDP)';
    const german = mode === 'ipip' ? 'IP-in-IP (Protokoll 4)' : 'VXLAN (UDP)';
    return [broken(scene, 'network', 'Cluster/lab', [[`spec.underlay.securityGroups[0].ingress[${tunnelRule(mode)}]`, undefined]], {
      en: { ticket: 'Since the cloud team "tightened the groups", calls fail or hang at random, names too. Every node answers a ping, and the API server sees them all.', look: 'Same node or another? Ask from a pod to one beside it and to one on the other node; then see how packets travel between nodes, in the Network pane', answer: `The security group of the nodes lets no ${tunnel} through between them: the plugin's tunnels are dropped.` },
      de: { ticket: 'Seit das Cloud-Team „die Gruppen gestrafft" hat, scheitern oder hängen Aufrufe zufällig, Namen auch. Jeder Node antwortet auf Ping, und der API-Server sieht alle.', look: 'Derselbe Node oder ein anderer? Frag von einem Pod den daneben und einen auf dem anderen Node; dann sieh im Netzwerk-Fenster, wie Pakete zwischen Nodes reisen', answer: `Die Security Group der Nodes lässt kein ${german} zwischen ihnen durch: die Tunnel des Plugins werden verworfen.` },
    }, 'spec.underlay.securityGroups')];
  },
};
