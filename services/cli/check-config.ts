import { loadConfig } from '../config.ts';
import { channelsOf, NO_CHANNEL_FILE } from '../notify/channels/set-up.ts';
import type { Verb } from './verb.ts';

export const verb: Verb = {
  summary: 'reads the environment and says what the service would run with',
  help: `Usage: busguard check-config

Reads the environment as the service would and prints what it would run with, as one JSON object; secrets are
shown as "set". A wrong value is named on stderr and the exit code is 2.`,
  async run() {
    const config = loadConfig();
    const shown = {
      ...config,
      databaseUrl: config.databaseUrl ? 'set' : 'embedded',
      natsUrl: config.natsUrl ? 'set' : 'in-process',
      roles: [...config.roles],
      decryptBody: config.decryptBody ? 'set' : null,
      dataKey: config.dataKey ? 'set' : 'key file in dataDir',
      oldDataKeys: config.oldDataKeys.length,
      notifyChannels: channelsOf(config.notifyChannels ?? NO_CHANNEL_FILE),
      vapid: config.vapid ? 'set' : 'key file in dataDir',
      basemap: config.basemap ?? 'offline',
      publicUrl: config.publicUrl ?? null,
      attachmentAddress: config.attachmentAddress ?? 'as the terminal reached this host',
      media: config.media
        ? {
            ...config.media,
            accessKeyId: 'set',
            secretAccessKey: 'set',
            sessionToken: config.media.sessionToken ? 'set' : null,
          }
        : 'the folder media in dataDir',
    };
    process.stdout.write(`${JSON.stringify(shown)}\n`);
    return 0;
  },
};
