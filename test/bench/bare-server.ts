/**
 * What the ingest is measured against: a TCP server in the same runtime that counts frames and answers each with as
 * many bytes as a general reply has, and does nothing else.
 */
import { createServer } from 'node:net';

const REPLY = Buffer.from('7e80010005013900000001000000000200003f7e', 'hex');
const FLAG = 0x7e;
let frames = 0;

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const server = createServer({ noDelay: true }, (socket) => {
  let inside = false;
  socket.on('data', (chunk) => {
    let answers = 0;
    for (let at = chunk.indexOf(FLAG); at >= 0; at = chunk.indexOf(FLAG, at + 1)) {
      if (inside) answers += 1;
      inside = !inside;
    }
    frames += answers;
    if (answers === 1) socket.write(REPLY);
    else if (answers > 1) socket.write(Buffer.concat(new Array<Buffer>(answers).fill(REPLY)));
  });
  socket.on('error', () => socket.destroy());
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' && address ? address.port : 0 });
});
process.on('disconnect', () => process.exit(1));
process.on('message', (message) => {
  if (message === 'memory') process.send?.({ memory: process.memoryUsage(), frames });
  else if (message === 'cpu') process.send?.({ cpu: cpuSeconds() });
  else if (message === 'end') process.exit(0);
});
