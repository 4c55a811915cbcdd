// The commands that a learner could run to see what decided: only those that the lab's terminal runs.
import type { NetworkPod, NetworkService } from '../model/network.ts';
import type { PacketProtocol } from '../model/packet.ts';
import type { ObjectRef } from '../model/object.ts';
import type { Sender } from './station.ts';

const scope = (ref: ObjectRef): string => (ref.namespace === '' ? '' : ` -n ${ref.namespace}`);

export const describing = (ref: ObjectRef): string => `kubectl describe ${ref.kind.toLowerCase()}${scope(ref)} ${ref.name}`;
export const getting = (ref: ObjectRef, options = ''): string => `kubectl get ${ref.kind.toLowerCase()}${scope(ref)} ${ref.name}${options}`;
export const slicesOf = (service: NetworkService): string => `kubectl get endpointslices -n ${service.ref.namespace} -l kubernetes.io/service-name=${service.ref.name}`;
export const podsWithLabels = (namespace: string): string => `kubectl get pods -n ${namespace} --show-labels`;
export const podPlaces = (pod: NetworkPod): string => `kubectl get pod -n ${pod.namespace} ${pod.name} -o wide`;

const inContainer = (container: string | null): string => (container === null ? '' : ` -c ${container}`);
export const inPod = (pod: NetworkPod, command: string, container: string | null = null): string => `kubectl exec -n ${pod.namespace} ${pod.name}${inContainer(container)} -- ${command}`;
/** Images without a shell and without tools. */
const bare = /(^|\/)(distroless|static|pause|coredns|kube-proxy|kube-apiserver|etcd)(\/|:|@|$)|distroless|(^|\/)scratch(:|$)/;

/** What listens in a pod; where its images have no tool for that, its description. */
export const listening = (pod: NetworkPod, protocol: PacketProtocol = 'TCP'): string =>
  (pod.containers.every(({ image }) => bare.test(image)) ? describing(pod.ref) : inPod(pod, protocol === 'UDP' ? 'ss -lnu' : 'ss -lnt'));

/** A command run where the sender is; what a node or the outside would run is not the lab's terminal's, so its object is shown. */
export const fromSender = (sender: Sender, command: string, otherwise: string): string => (sender.kind === 'pod' ? inPod(sender.pod, command, sender.container) : otherwise);
