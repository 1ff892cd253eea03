import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/*
 * The lab's own network namespace is the world outside the cluster's nodes: a
 * router with the wire, to which every node is joined, on one side and the
 * clients on the other. The API server listens there and the load balancer
 * works there.
 *
 *     client 1 ──┐                ┌── node 1 ── pods of node 1
 *     client 2 ──┴── the router ──┴── node 2 ── pods of node 2
 *               10.102   wire 10.100          10.200
 */
export const API_SERVER = '10.100.0.1';
export const POD_CIDRS = '10.200.0.0/16,fd00:200::/48';
export const SERVICE_CIDRS = '10.96.0.0/16,fd00:96::/112';

/** How many bytes a program may print. */
export const OUTPUT = 64 * 1024 * 1024;

/** Runs a script that stops at its first error. */
export async function sh(script: string): Promise<string> {
  try {
    return (await promisify(execFile)('bash', ['-euc', script], { maxBuffer: OUTPUT })).stdout;
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${(error as { stderr?: string }).stderr ?? ''}`);
  }
}

export async function raiseWire(): Promise<void> {
  await sh(`
    ip link show wire >/dev/null 2>&1 && exit 0
    ip link set lo up
    sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
    ip link add wire type bridge
    ip addr add ${API_SERVER}/16 dev wire
    ip addr add fd00:100::1/64 dev wire nodad
    ip link set wire up
  `);
}

/** Where the node with this number is found, IPv4 first. */
export const nodeAddresses = (node: number) => [`10.100.1.${node}`, `fd00:100::1:${node}`];

export async function addNode(node: number): Promise<void> {
  const [v4, v6] = nodeAddresses(node);
  await sh(`
    ip netns add node-${node}
    ip link add node-${node} type veth peer name eth0 netns node-${node}
    ip link set node-${node} master wire up
    ip netns exec node-${node} sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
    ip -n node-${node} -batch - <<'IP'
      link set lo up
      link set eth0 up
      addr add ${v4}/16 dev eth0
      addr add ${v6}/64 dev eth0 nodad
      route add default via ${API_SERVER}
      route add default via fd00:100::1
IP
    ip route replace 10.200.${node}.0/24 via ${v4}
    ip route replace fd00:200:0:${node}::/64 via ${v6}
  `);
}

export async function addPod(name: string, node: number, index: number): Promise<string[]> {
  const [v4, v6] = [`10.200.${node}.${index}`, `fd00:200:0:${node}::${index.toString(16)}`];
  await sh(`
    ip netns add ${name}
    ip link add pod-${index} netns node-${node} type veth peer name eth0 netns ${name}
    ip netns exec node-${node} sysctl -qw net.ipv4.conf.pod-${index}.proxy_arp=1 net.ipv4.neigh.pod-${index}.proxy_delay=0
    ip -n node-${node} -batch - <<'IP'
      addr add fe80::1/64 dev pod-${index} nodad
      link set pod-${index} up
      route add ${v4}/32 dev pod-${index}
      route add ${v6}/128 dev pod-${index}
IP
    ip -n ${name} -batch - <<'IP'
      link set lo up
      link set eth0 up
      addr add ${v4}/32 dev eth0
      addr add ${v6}/128 dev eth0 nodad
      route add 169.254.1.1 dev eth0
      route add default via 169.254.1.1
      route add default via fe80::1 dev eth0
IP
  `);
  return [v4, v6];
}

/** Adds a client outside the cluster; returns its addresses. */
export async function addClient(client: number): Promise<string[]> {
  const [v4, v6] = [`10.102.${client}.2`, `fd00:102:0:${client}::2`];
  await sh(`
    ip netns add client-${client}
    ip link add client-${client} type veth peer name eth0 netns client-${client}
    ip addr add 10.102.${client}.1/24 dev client-${client}
    ip addr add fd00:102:0:${client}::1/64 dev client-${client} nodad
    ip link set client-${client} up
    ip -n client-${client} -batch - <<'IP'
      link set lo up
      link set eth0 up
      addr add ${v4}/24 dev eth0
      addr add ${v6}/64 dev eth0 nodad
      route add default via 10.102.${client}.1
      route add default via fd00:102:0:${client}::1
IP
  `);
  return [v4, v6];
}

/** Removes a namespace, and the link to it at once: the kernel takes its time. */
export async function removeNamespace(name: string): Promise<void> {
  await sh(`ip link del ${name} 2>/dev/null || true; ip netns del ${name}`);
}
