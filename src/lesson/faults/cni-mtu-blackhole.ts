// Tunnels that are too small for the packets that pods send, and nobody who says so.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const cniMtuBlackhole: Fault = {
  name: 'cni-mtu-blackhole',
  link: 'https://kubernetes.io/docs/concepts/cluster-administration/networking/',
  ways(scene) {
    const { front, api } = scene.cast;
    return [broken(scene, 'network', 'Cluster/lab', [['spec.cni.mtu', 1500]], {
      en: { ticket: `\`${front}\` gets short answers from \`${api}\`, and long ones hang after the headers. Health checks are green everywhere.`, look: 'How large a packet gets from one node to the other? Compare the MTU of the pods with that of the nodes, in the Network pane; `ping -M do -s 1472` shows it too', answer: "The plugin's MTU is 1500, as large as the nodes' own: with the tunnel's header a full packet does not fit, and the message that says so is filtered." },
      de: { ticket: `\`${front}\` bekommt kurze Antworten von \`${api}\`, lange bleiben nach den Headern hängen. Die Health-Checks sind überall grün.`, look: 'Wie groß darf ein Paket von einem Node zum anderen sein? Vergleiche im Netzwerk-Fenster die MTU der Pods mit der der Nodes; auch `ping -M do -s 1472` zeigt es', answer: 'Die MTU des Plugins ist 1500, so groß wie die der Nodes: mit dem Header des Tunnels passt ein volles Paket nicht, und die Meldung, die das sagt, wird gefiltert.' },
    })];
  },
};
