// The demo fleet's thread: terminals of its own over real TCP, as if they were out on the road.
import { parentPort, workerData } from 'node:worker_threads';
import { buildPlan } from '../../geo/plan/build-plan.ts';
import { planVersion } from '../plan/plan-files.ts';
import { demoPlanFiles } from '../simulator/demo-plan.ts';
import { startFleet } from '../simulator/run-fleet.ts';

const { port } = workerData as { readonly port: number };
const files = demoPlanFiles();
const built = buildPlan(files, planVersion(files));
if (!built.ok) throw new Error(`the demo plan does not build: ${JSON.stringify(built.problems[0])}`);

startFleet({
  host: '127.0.0.1',
  port,
  plan: built.plan,
  files,
  intervalS: 5,
  incidents: true,
  onCrewWord: (vehicle, word) => parentPort?.postMessage({ vehicle, ...word }),
});
