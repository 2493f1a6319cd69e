import type { fleetEn } from './fleet-en.ts';

export const fleetZh: typeof fleetEn = {
  filter: {
    open: '筛选',
    title: '只显示',
    active: (n) => `筛选：已设 ${n} 项`,
    count: (shown, of) => `${of} 辆中的 ${shown} 辆`,
    any: '不限',
    clear: '显示全部车辆',
    kinds: {
      districts: '区县',
      providers: '运营单位',
      schools: '学校',
      routes: '线路',
      states: '状态',
      alerts: '有告警',
    },
  },
  list: {
    hint: '方向键逐车移动，回车打开。',
    rows: (shown, of) => (shown === of ? `共 ${of} 辆` : `${of} 辆中的 ${shown} 辆`),
    alert: '告警',
    school: '学校',
    sortBy: (column) => `按${column}排序`,
  },
  keys: {
    hint: '按 N、P 在视野内逐车移动，回车打开，Esc 离开。',
    pointed: (name, state, place, of) => `${name}，${state}。视野内第 ${place} 辆，共 ${of} 辆。`,
    none: '视野内没有单独显示的车辆，请放大地图或使用列表。',
  },
  measure: {
    start: '测距',
    title: '测距',
    hint: '沿途点击地图。使用键盘时，回车在地图中央落点。',
    total: (text) => `共 ${text}`,
    last: (text) => `末段 ${text}`,
    undo: '撤去上一点',
    clear: '重新测量',
    done: '结束测距',
    metres: (n) => `${n} 米`,
    kilometres: (text) => `${text} 公里`,
  },
};
