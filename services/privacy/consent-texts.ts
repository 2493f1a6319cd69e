import { createHash } from 'node:crypto';

export const CONSENT_PURPOSES = ['trip_notices', 'bus_location', 'sms', 'third_party_push'] as const;
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];

/** What a guardian agrees to. A change of the words is a new version, which is asked for again. */
export interface ConsentText {
  readonly purpose: ConsentPurpose;
  readonly version: string;
  readonly zh: string;
  readonly en: string;
}

/**
 * One purpose each, since consent to sensitive data of children under 14 is given separately (个人信息保护法 Art. 29, 31)
 * and none may be forced for what a service does not need (未成年人网络保护条例 Art. 32-37).
 */
export const CONSENT_TEXTS: readonly ConsentText[] = [
  {
    purpose: 'trip_notices',
    version: '2026-11-1',
    zh: '我同意为向我发送孩子乘坐校车的通知（到站前、上下车、到校、晚点），处理孩子的乘车线路、站点和上下车时间。可随时撤回，撤回后仅发送涉及安全的通知（取消、换车、漏站、未发车）。',
    en: 'I agree that my child’s route, stop and times of getting on and off are processed to tell me of the bus: before it comes, on boarding, on arrival, on delay. I can withdraw at any time; then only notices of safety are sent (cancelled, another bus, stop skipped, not started).',
  },
  {
    purpose: 'bus_location',
    version: '2026-11-1',
    zh: '我同意在孩子的班次运行期间向我显示所乘校车的位置。仅显示校车，不显示其他学生，班次结束后不再显示。',
    en: 'I agree that the place of my child’s bus is shown to me while the run is on. The bus is shown, no other child, and nothing once the run is over.',
  },
  {
    purpose: 'sms',
    version: '2026-11-1',
    zh: '我同意将我的手机号码提供给短信服务商，仅用于发送上述通知。',
    en: 'I agree that my number is given to the text message provider, for these notices alone.',
  },
  {
    purpose: 'third_party_push',
    version: '2026-11-1',
    zh: '我同意通过浏览器厂商的推送服务（服务器可能在境外）向我发送加密的通知，内容不含姓名。',
    en: 'I agree that encrypted notices without names are sent to me through the push service of my browser’s maker, whose servers may be abroad.',
  },
];

export const consentText = (purpose: ConsentPurpose): ConsentText =>
  CONSENT_TEXTS.find((text) => text.purpose === purpose)!;

export const textDigest = (text: string): string => createHash('sha256').update(text).digest('hex');
