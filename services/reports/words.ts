import type { Grouping } from './supervision.ts';

/** Words of reports as they are printed and filled into sheets. */
export interface ReportWords {
  readonly span: (from: string, to: string) => string;
  readonly made: (when: string, by: string) => string;
  readonly asOf: (when: string | null) => string;
  readonly supervision: string;
  readonly notice: (month: string) => string;
  readonly noticeIntro: string;
  readonly gates: string;
  readonly dangers: string;
  readonly leads: string;
  readonly by: { readonly [grouping in Grouping]: string };
  readonly byGroup: (grouping: string) => string;
  readonly total: string;
  readonly overDays: string;
  readonly indicators: {
    readonly connectedRate: string;
    readonly onlineRate: string;
    readonly completeRate: string;
    readonly qualifiedRate: string;
    readonly driftRate: string;
    readonly handlingRate: string;
    readonly mistakenRate: string;
  };
  readonly definitions: readonly string[];
  readonly columns: { readonly [name: string]: string };
  readonly states: { readonly [state: string]: string };
  readonly left: (count: number) => string;
  readonly nothing: string;
  readonly leadNote: string;
}

export const zhReport: ReportWords = {
  span: (from, to) => `统计区间：${from} 至 ${to}（北京时间）`,
  made: (when, by) => `生成时间：${when}　生成人：${by}`,
  asOf: (when) => (when === null ? '定位数据尚未汇总' : `定位数据汇总至 ${when}`),
  supervision: '校车动态监管考核报表',
  notice: (month) => `${month} 校车交通违法与事故通报`,
  noticeIntro:
    '依据《校车安全管理条例》第三十七条，将下列校车驾驶人、车辆的交通安全违法行为和事故情况通报其所在单位和教育行政部门。系统研判结果，以执法核查为准。',
  gates: '校门口校车停靠拥堵分析',
  dangers: '危险路段告警统计',
  leads: '疑似非法接送学生车辆线索',
  by: { provider: '运营单位', district: '区县', school: '学校' },
  byGroup: (grouping) => `按${grouping}`,
  total: '合计',
  overDays: '逐日指标',
  indicators: {
    connectedRate: '入网率',
    onlineRate: '上线率',
    completeRate: '轨迹完整率',
    qualifiedRate: '数据合格率',
    driftRate: '漂移车辆率',
    handlingRate: '告警处置率',
    mistakenRate: '误报率',
  },
  definitions: [
    '入网率：在册在用车辆中，终端曾接入平台的车辆所占比例。',
    '上线率：车辆上线天数之和 ÷（在册在用车辆数 × 运行日数）。',
    '轨迹完整率：连续轨迹里程 ÷ 总里程；相邻两点间隔超过 60 秒且超过 500 米的路段视为不完整。',
    '数据合格率：定位有效，且经纬度、速度（≤160 km/h）、方向、海拔、时间均在合理范围内的报文所占比例。',
    '漂移车辆率：出现相邻两点推算速度超过 40 m/s 的车辆天数 ÷ 上线车辆天数。',
    '告警处置率：已处置的 P1、P2 级告警 ÷ 全部 P1、P2 级告警；《道路运输车辆动态监督管理办法》要求不低于 90%。',
  ],
  columns: {
    group: '名称',
    vehicles: '车辆数',
    alerts: '告警 P1/P2/P3',
    p1: 'P1',
    p2: 'P2',
    p3: 'P3',
    drivenKm: '里程（km）',
    onlineHours: '在线（h）',
    day: '日期',
    provider: '运营单位',
    time: '时间',
    plate: '车牌',
    driver: '驾驶人',
    rule: '类别',
    severity: '等级',
    route: '路线',
    what: '情况',
    state: '处置',
    count: '次数',
    section: '路段',
    worst: '最高等级',
    school: '学校',
    quarter: '时段',
    perDay: '日均车次',
    most: '最多车辆',
    stood: '平均停留（min）',
    longest: '最长停留（min）',
    days: '天数',
    vehicle: '车辆',
    score: '可疑度',
    samePlaces: '重复停靠点',
    places: '停靠处',
    way: '方向',
    gateAt: '到校门时间',
  },
  states: { new: '未处置', acknowledged: '处置中', resolved: '已处置' },
  left: (count) => `另有 ${count} 条未列出。`,
  nothing: '本期无记录。',
  leadNote: '以上均为线索，须经人工核查，不得直接作为处罚依据（《校车安全管理条例》第四十五、四十六条）。',
};

export const enReport: ReportWords = {
  span: (from, to) => `Span: ${from} to ${to} (China Standard Time)`,
  made: (when, by) => `Made ${when} by ${by}`,
  asOf: (when) => (when === null ? 'Positions were not rolled up yet' : `Positions rolled up until ${when}`),
  supervision: 'School-bus supervision: indicators',
  notice: (month) => `School-bus offences and accidents, ${month}`,
  noticeIntro:
    'Under Art. 37 of the School Bus Safety Regulation the offences and accidents of school-bus drivers and vehicles below are made known to their employers and the education authority. As judged by the system; what enforcement finds holds.',
  gates: 'School gates: buses standing, by quarter of an hour',
  dangers: 'Dangerous sections: alerts',
  leads: 'Leads on illegal school transport',
  by: { provider: 'carrier', district: 'district', school: 'school' },
  byGroup: (grouping) => `By ${grouping}`,
  total: 'Total',
  overDays: 'Day by day',
  indicators: {
    connectedRate: 'Connected',
    onlineRate: 'Online',
    completeRate: 'Track complete',
    qualifiedRate: 'Data qualified',
    driftRate: 'Vehicles adrift',
    handlingRate: 'Alerts handled',
    mistakenRate: 'False alarms',
  },
  definitions: [
    'Connected: of the vehicles on the register and in service, those whose terminal has been heard.',
    'Online: days on which vehicles reported ÷ (vehicles × days on which runs go).',
    'Track complete: way reported without a gap ÷ way driven; a gap is over 60 s and over 500 m between two reports.',
    'Data qualified: reports with a position and with place, speed (up to 160 km/h), direction, altitude and time that can be.',
    'Vehicles adrift: vehicle-days with a step faster than 40 m/s ÷ vehicle-days online.',
    'Alerts handled: P1 and P2 alerts that were handled ÷ all of them; the dynamic supervision measures ask for 90 %.',
  ],
  columns: {
    group: 'Name',
    vehicles: 'Vehicles',
    alerts: 'Alerts P1/P2/P3',
    p1: 'P1',
    p2: 'P2',
    p3: 'P3',
    drivenKm: 'Driven (km)',
    onlineHours: 'Online (h)',
    day: 'Day',
    provider: 'Carrier',
    time: 'Time',
    plate: 'Plate',
    driver: 'Driver',
    rule: 'Kind',
    severity: 'Grade',
    route: 'Route',
    what: 'What',
    state: 'Handling',
    count: 'Number',
    section: 'Section',
    worst: 'Gravest',
    school: 'School',
    quarter: 'Quarter',
    perDay: 'Buses a day',
    most: 'Most buses',
    stood: 'Stood, mean (min)',
    longest: 'Longest (min)',
    days: 'Days',
    vehicle: 'Vehicle',
    score: 'Score',
    samePlaces: 'Same places',
    places: 'Stops',
    way: 'Way',
    gateAt: 'At the gate',
  },
  states: { new: 'open', acknowledged: 'under way', resolved: 'handled' },
  left: (count) => `${count} more are not listed.`,
  nothing: 'Nothing in this span.',
  leadNote:
    'Leads only: to be looked into by people, no ground for a penalty by themselves (School Bus Safety Regulation, Art. 45, 46).',
};
