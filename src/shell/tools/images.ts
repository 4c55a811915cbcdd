// Which tools an image has: some have none at all, some only BusyBox', and of what is unknown everything is taken to be there.
const none = /(^|\/)(distroless|static|pause|coredns|kube-proxy|kube-apiserver|etcd)(\/|:|@|$)|distroless|(^|\/)scratch(:|$)/;
const busyboxOnly = /(^|\/)busybox(:|@|$)/;
const alpine = /alpine/;
/** What images of BusyBox and Alpine lack. */
const notInBusybox = new Set(['curl', 'dig', 'host', 'ss', 'bash', 'getent']);
const alpineHas = new Set(['getent']);

/** The image's nc, nslookup and wget are BusyBox'. */
export const hasBusybox = (image: string): boolean => busyboxOnly.test(image) || (alpine.test(image) && !/curl|netshoot/.test(image));

/** True when the image has the tool, as far as its name tells. */
export function imageHas(image: string, tool: string): boolean {
  if (none.test(image)) return false;
  if (busyboxOnly.test(image)) return !notInBusybox.has(tool);
  // Simplified: curl is taken to be in Alpine images, whose makers often add it; the rest is BusyBox.
  if (hasBusybox(image)) return tool === 'curl' || alpineHas.has(tool) || !notInBusybox.has(tool);
  return true;
}
