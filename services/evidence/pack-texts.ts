/** What is printed on a pack, in both languages: it goes from hand to hand, and nobody asks who reads which. */
export const TEXTS = {
  title: ['证据包', 'Evidence pack'],
  alert: ['告警', 'Alert'],
  vehicle: ['车辆', 'Vehicle'],
  rule: ['规则与参数', 'Rule and parameters'],
  permits: ['许可', 'Permits'],
  run: ['班次', 'Run'],
  roster: ['乘车名册（编号）', 'Roster (numbers)'],
  orders: ['天气限速令', 'Weather orders'],
  reports: ['定位报告', 'Position reports'],
  media: ['照片与录音录像', 'Photos and recordings'],
  commands: ['下发指令与应答', 'Sent to the bus, and answers'],
  steps: ['处置经过', 'Handling'],
  looks: ['查阅与操作记录', 'Looks and actions'],
  chain: ['校验', 'Verification'],
  none: ['无', 'none'],
  speed: ['车速', 'Speed'],
  limit: ['限速', 'Limit'],
} as const;

export const CHAIN_NOTE = [
  '本证据包的每条记录均含前一条记录的 SHA-256 值；末条记录的哈希值如下，并保存在系统数据库中。校验命令：npx busguard verify-evidence 文件',
  'Each record holds the SHA-256 of the one before. The hash of the last is printed below and kept in the database. To verify: npx busguard verify-evidence FILE',
] as const;
