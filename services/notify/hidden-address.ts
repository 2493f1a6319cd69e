import type { ChannelName } from './settings.ts';

/** An address as it is shown to its owner: enough to know it again, too little to use it. */
export function hiddenAddress(channel: ChannelName, address: string): string {
  switch (channel) {
    case 'sms':
      return `${address.slice(0, 3)}****${address.slice(-4)}`;
    case 'email': {
      const at = address.lastIndexOf('@');
      return `${address.slice(0, 1)}***${address.slice(at)}`;
    }
    default:
      return `****${address.slice(-4)}`;
  }
}
