import { verb as decode } from '../../services/cli/decode.ts';
import { verb as encode } from '../../services/cli/encode.ts';
import { verb as explain } from '../../services/cli/explain.ts';

/** Runs one verb of the protocol without the rest of the command line. */
const verb = { decode, encode, explain }[process.argv[2] ?? ''];
process.exitCode = verb === undefined ? 2 : await verb.run(process.argv.slice(3));
