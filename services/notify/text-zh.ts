import type { NoticeWords } from './words.ts';

export const zh: NoticeWords = {
  minutes_before: (f) => [`校车约 ${f.minutes} 分钟后到站`, `${f.route}预计 ${f.expected} 到达${f.stop}。`],
  stops_before: (f) => [
    `校车还有 ${f.stops} 站`,
    `${f.route}距${f.stop}还有 ${f.stops} 站${f.expected ? `，预计 ${f.expected} 到达` : ''}。`,
  ],
  boarded: (f) => [`孩子已上车`, `${f.when} 在${f.stop || f.route}上车。`],
  alighted: (f) => [`孩子已下车`, `${f.when} 在${f.stop || f.route}下车。`],
  arrived_school: (f) => ['校车已到校', `${f.route} ${f.when} 到达${f.school || f.stop}。`],
  at_stop: (f) => ['校车已到站', `${f.route} ${f.when} 到达${f.stop}。`],
  delayed: (f) =>
    f.delayMin >= 3
      ? [`校车晚点约 ${f.delayMin} 分钟`, `${f.route}目前晚点约 ${f.delayMin} 分钟，请合理安排时间。`]
      : ['校车已恢复正点', `${f.route}目前基本正点。`],
  substitute: (f) => [
    `今日换车：${f.plates}`,
    f.mergedInto
      ? `${f.date} ${f.route}并入${f.mergedInto}，由 ${f.plates} 接送。`
      : `${f.date} ${f.route}由 ${f.plates} 接送，请认准车牌。`,
  ],
  cancelled: (f) => ['班次取消', `${f.date} ${f.time} 的${f.route}取消，请另行安排接送。`],
  retimed: (f) => [
    '发车时间调整',
    `${f.date} ${f.route}改为 ${f.start} 发车${f.plates ? `，车牌 ${f.plates}` : ''}。`,
  ],
  as_planned: (f) => [
    '班次恢复原计划',
    `${f.date} ${f.time} 的${f.route}按原计划运行${f.plates ? `，车牌 ${f.plates}` : ''}。`,
  ],
  skipped_stop: (f) => ['校车未在本站停靠', `${f.route} ${f.time} 驶过${f.stop}未停，请与学校联系。`],
  not_started: (f) => ['校车尚未发车', `${f.route}原定 ${f.time} 发车，目前车辆尚未上线路。`],
  alert: (f) => [
    `[${f.severity}] ${f.rule} ${f.vehicle}`,
    `${f.time} ${f.vehicle}${f.route ? ` ${f.route}` : ''}，请处置。`,
  ],
  escalation: (f) => [
    `[${f.severity}] 逾期未处置：${f.rule} ${f.vehicle}`,
    `${f.time} 的告警尚无人处置，已升级至第 ${f.level} 级。`,
  ],
  rules: {
    speeding: '超速',
    route_deviation: '偏离路线',
    wrong_stop_order: '站点顺序错误',
    skipped_stop: '漏站',
    off_schedule: '偏离时刻',
    unapproved_vehicle: '未经许可车辆',
    unapproved_driver: '未经许可驾驶人',
    missing_escort: '无照管人员',
    child_left_behind: '学生滞留车内',
    overload: '超员',
    unplanned_stop: '计划外停车',
    outside_permitted_time: '超出许可时间',
    fence: '越界',
    fatigue: '疲劳驾驶',
    terminal_offline: '终端离线',
    terminal_fault: '终端故障',
    sos: '紧急报警',
    harsh_driving: '急加速/急刹/急转',
    collision: '碰撞',
    adas: '驾驶辅助报警',
    dsm: '驾驶员状态报警',
    door_open_moving: '开门行驶',
    illegal_school_run: '非法接送学生',
  },
};
