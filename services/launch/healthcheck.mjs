// The container's health: a web process answers /healthz, an ingest process takes a connection.
import { connect } from 'node:net';

const roles = process.env.ROLES ?? 'all';
const web = roles === 'all' || roles.split(',').includes('web');
if (web) {
  const answer = await fetch(`http://127.0.0.1:${process.env.HTTP_PORT ?? 8080}/healthz`).catch(() => null);
  process.exit(answer?.ok ? 0 : 1);
}
const socket = connect(Number(process.env.INGEST_PORT ?? 8808), '127.0.0.1');
socket.once('connect', () => process.exit(0));
socket.once('error', () => process.exit(1));
