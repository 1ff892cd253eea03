/*
 * Load from outside, bounded in count and in time: sends requests, each over a
 * connection of its own or over few that last, and prints how they fared.
 * The argument is a Load in JSON.
 */
import { createSocket } from 'node:dgram';
import { Agent, get } from 'node:http';
import { isIPv6 } from 'node:net';

export interface Load {
  readonly protocol: 'tcp' | 'udp';
  readonly host: string;
  readonly port: number;
  /** How many requests. */
  readonly count: number;
  /** Requests per second. @default - as fast as they are answered, 16 at a time */
  readonly rate?: number;
  /** How many connections carry all requests (TCP). @default - one connection a request */
  readonly connections?: number;
  /** Seconds after which a request counts as lost. @default 2 */
  readonly timeout?: number;
}

export interface Fared {
  /** Requests that were answered, by the address that the pod saw. */
  readonly peers: Record<string, number>;
  /** ... by pod, and by node. */
  readonly pods: Record<string, number>;
  readonly nodes: Record<string, number>;
  readonly answered: number;
  /** Requests that were not, by reason. */
  readonly lost: Record<string, number>;
  /** Seconds after the start at which the first of those were sent. */
  readonly lostAt: number[];
  readonly seconds: number;
}

const load = JSON.parse(process.argv[2] ?? '{}') as Load;
const { protocol, host, port, count, rate, connections, timeout = 2 } = load;
const agents = Array.from({ length: connections ?? 0 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));

type Answer = { peer: string; pod: string; node: string };

function ask(index: number): Promise<Answer> {
  return protocol === 'udp' ? askUdp() : askTcp(agents[index % agents.length]);
}

function askTcp(agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get({ host, port, agent: agent ?? false, headers: agent ? {} : { connection: 'close' } }, response => {
      let text = '';
      response.on('data', chunk => text += chunk);
      response.on('end', () => resolve(JSON.parse(text)));
      response.on('error', reject);
    });
    const timer = setTimeout(() => request.destroy(new Error('timeout')), timeout * 1000);
    request.on('close', () => clearTimeout(timer));
    request.on('error', error => reject(new Error((error as NodeJS.ErrnoException).code ?? error.message)));
  });
}

function askUdp(): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    const end = (act: () => void) => {
      clearTimeout(timer);
      socket.close();
      act();
    };
    const timer = setTimeout(() => end(() => reject(new Error('timeout'))), timeout * 1000);
    socket.on('message', message => end(() => resolve(JSON.parse(message.toString()))));
    socket.on('error', error => end(() => reject(error)));
    socket.send('?', port, host);
  });
}

async function main(): Promise<void> {
  const fared: Fared = { peers: {}, pods: {}, nodes: {}, answered: 0, lost: {}, lostAt: [], seconds: 0 };
  const add = (to: Record<string, number>, key: string) => to[key] = (to[key] ?? 0) + 1;
  const start = Date.now();
  const elapsed = () => (Date.now() - start) / 1000;
  let sent = 0;
  let answered = 0;

  const one = async (index: number) => {
    const at = elapsed();
    try {
      const answer = await ask(index);
      answered += 1;
      add(fared.peers, answer.peer);
      add(fared.pods, answer.pod);
      add(fared.nodes, answer.node);
    } catch (error) {
      add(fared.lost, (error as Error).message);
      fared.lostAt.push(Math.round(at * 10) / 10);
    }
  };

  const underWay: Promise<void>[] = [];
  if (rate) {
    while (sent < count) {
      for (const due = Math.min(count, Math.ceil(elapsed() * rate)); sent < due; sent += 1) {
        underWay.push(one(sent));
      }
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  } else {
    const worker = async () => {
      while (sent < count) {
        await one(sent++);
      }
    };
    underWay.push(...Array.from({ length: Math.min(16, count) }, worker));
  }
  await Promise.all(underWay);
  agents.forEach(agent => agent.destroy());
  console.log(JSON.stringify({ ...fared, answered, lostAt: fared.lostAt.slice(0, 20), seconds: elapsed() }));
}

void main();
