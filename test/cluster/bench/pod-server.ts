/*
 * What runs in a pod: answers, over HTTP and over UDP, with the peer's address
 * and its own pod and node. Asked to stop it takes no new connection, finishes
 * the ones it has, and exits when the last is closed: what a well-behaved server
 * does. Arguments: pod, node, ports.
 */
import { createSocket } from 'node:dgram';
import { createServer, Server } from 'node:http';
import { Server as TcpServer } from 'node:net';

const [pod, node, ...ports] = process.argv.slice(2);
const plain = (address?: string) => address?.replace(/^::ffff:/, '');
let stopping = false;

const servers = ports.map((port): Server => {
  const server = createServer((request, response) => {
    if (stopping) {
      response.setHeader('connection', 'close');
    }
    response.end(JSON.stringify({ peer: plain(request.socket.remoteAddress), pod, node }));
  });
  server.keepAliveTimeout = 0;
  server.listen({ port: Number(port), host: '::', backlog: 4096 });

  const socket = createSocket('udp6');
  socket.on('message', (_, { address, port: from }) => socket.send(JSON.stringify({ peer: plain(address), pod, node }), from, address));
  socket.bind(Number(port));
  return server;
});

process.on('SIGTERM', () => {
  stopping = true;
  void Promise.all(servers.map(server => new Promise(resolve => {
    // An HTTP server's own close() cuts idle connections too, and a request may be under way to one.
    TcpServer.prototype.close.call(server, resolve);
  }))).then(() => process.exit());
});
