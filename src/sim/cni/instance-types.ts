// How many network interfaces an EC2 instance may have and how many IPv4 addresses each of them holds (amazon-vpc-cni-k8s, misc/eni-max-pods.txt, where max pods is interfaces × (addresses − 1) + 2).

export interface InstanceLimits {
  readonly interfaces: number;
  /** Of each interface, its own first one among them. */
  readonly addresses: number;
}

const limits = (interfaces: number, addresses: number): InstanceLimits => ({ interfaces, addresses });

// The sizes of burstable instances go their own way, and t3a.small and t2.xlarge go another.
const burstable: ReadonlyMap<string, InstanceLimits> = new Map([
  ['nano', limits(2, 2)], ['micro', limits(2, 2)], ['small', limits(3, 4)], ['medium', limits(3, 6)], ['large', limits(3, 12)], ['xlarge', limits(4, 15)], ['2xlarge', limits(4, 15)],
]);
const regular: ReadonlyMap<string, InstanceLimits> = new Map([
  ['large', limits(3, 10)], ['xlarge', limits(4, 15)], ['2xlarge', limits(4, 15)], ['4xlarge', limits(8, 30)], ['8xlarge', limits(8, 30)], ['12xlarge', limits(8, 30)],
]);
const exceptions: ReadonlyMap<string, InstanceLimits> = new Map([
  ['t2.xlarge', limits(3, 15)], ['t2.2xlarge', limits(3, 15)], ['t3a.small', limits(2, 4)],
]);

const burstableFamilies: readonly string[] = ['t2', 't3', 't3a', 't4g'];
const regularFamilies: readonly string[] = ['c6g', 'c6i', 'c7g', 'c7i', 'm5', 'm6g', 'm6i', 'm7g', 'm7i', 'r5', 'r6g', 'r6i'];

/** Every type that the lab knows, sorted by family, then from small to large. */
export const instanceTypes: readonly string[] = [
  ...regularFamilies.flatMap((family) => [...regular.keys()].map((size) => `${family}.${size}`)),
  ...burstableFamilies.flatMap((family) => [...burstable.keys()].map((size) => `${family}.${size}`)),
];

/** `undefined` for a type that the lab does not know. */
export function instanceLimits(type: string): InstanceLimits | undefined {
  const [family = '', size = ''] = type.split('.');
  return exceptions.get(type) ?? (burstableFamilies.includes(family) ? burstable.get(size) : regularFamilies.includes(family) ? regular.get(size) : undefined);
}
