/** Words of the service's own for messages, fields and bits, in Chinese as the standard has them. */

const MESSAGES: { readonly [id: string]: string } = {
  '0x0001': '终端通用应答',
  '0x0002': '终端心跳',
  '0x0003': '终端注销',
  '0x0004': '查询服务器时间请求',
  '0x0005': '终端补传分包请求',
  '0x0100': '终端注册',
  '0x0102': '终端鉴权',
  '0x0104': '查询终端参数应答',
  '0x0107': '查询终端属性应答',
  '0x0108': '终端升级结果通知',
  '0x0200': '位置信息汇报',
  '0x0201': '位置信息查询应答',
  '0x0301': '事件报告',
  '0x0302': '提问应答',
  '0x0303': '信息点播/取消',
  '0x0500': '车辆控制应答',
  '0x0608': '查询区域或线路数据应答',
  '0x0700': '行驶记录数据上传',
  '0x0701': '电子运单上报',
  '0x0702': '驾驶员身份信息采集上报',
  '0x0704': '定位数据批量上传',
  '0x0705': 'CAN 总线数据上传',
  '0x0800': '多媒体事件信息上传',
  '0x0801': '多媒体数据上传',
  '0x0802': '存储多媒体数据检索应答',
  '0x0805': '摄像头立即拍摄命令应答',
  '0x0900': '数据上行透传',
  '0x0901': '数据压缩上报',
  '0x0a00': '终端 RSA 公钥',
  '0x8001': '平台通用应答',
  '0x8003': '服务器补传分包请求',
  '0x8004': '查询服务器时间应答',
  '0x8100': '终端注册应答',
  '0x8103': '设置终端参数',
  '0x8104': '查询终端参数',
  '0x8105': '终端控制',
  '0x8106': '查询指定终端参数',
  '0x8107': '查询终端属性',
  '0x8108': '下发终端升级包',
  '0x8201': '位置信息查询',
  '0x8202': '临时位置跟踪控制',
  '0x8203': '人工确认报警消息',
  '0x8204': '链路检测',
  '0x8300': '文本信息下发',
  '0x8301': '事件设置',
  '0x8302': '提问下发',
  '0x8303': '信息点播菜单设置',
  '0x8304': '信息服务',
  '0x8400': '电话回拨',
  '0x8401': '设置电话本',
  '0x8500': '车辆控制',
  '0x8600': '设置圆形区域',
  '0x8602': '设置矩形区域',
  '0x8604': '设置多边形区域',
  '0x8606': '设置路线',
  '0x8608': '查询区域或线路数据',
  '0x8700': '行驶记录数据采集命令',
  '0x8702': '上报驾驶员身份信息请求',
  '0x8800': '多媒体数据上传应答',
  '0x8801': '摄像头立即拍摄命令',
  '0x8802': '存储多媒体数据检索',
  '0x8900': '数据下行透传',
  '0x8a00': '平台 RSA 公钥',
};

const FIELDS: { readonly [name: string]: string } = {
  msgId: '消息 ID',
  '(attributes)': '消息体属性',
  protocolVersion: '协议版本号',
  phone: '终端手机号',
  serial: '消息流水号',
  parts: '消息总包数',
  part: '包序号',
  '(checksum)': '校验码',
  '(id, length)': '附加信息 ID、长度',
  '(length)': '长度',
  '(body)': '消息体',
  '(bytes)': '字节',
  '(left over)': '剩余字节',
  alarmFlags: '报警标志',
  statusFlags: '状态',
  lat: '纬度',
  lon: '经度',
  altitudeM: '高程',
  speedKmh: '速度',
  directionDeg: '方向',
  time: '时间',
  mileageKm: '里程',
  fuelL: '油量',
  recorderSpeedKmh: '行驶记录速度',
  signalStrength: '无线通信网络信号强度',
  satellites: 'GNSS 定位卫星数',
  alarmEventId: '需人工确认报警事件 ID',
  tyrePressure: '胎压',
  cabinTemperatureC: '车厢温度',
  'overspeedArea.type': '超速区域类型',
  'overspeedArea.areaId': '超速区域 ID',
  vehicleSignals: '扩展车辆信号状态',
  io: 'IO 状态',
  analog: '模拟量',
  replySerial: '应答流水号',
  replyId: '应答 ID',
  replyMsgId: '应答 ID',
  result: '结果',
  authCode: '鉴权码',
  province: '省域 ID',
  city: '市县域 ID',
  manufacturer: '制造商 ID',
  model: '终端型号',
  terminalId: '终端 ID',
  plateColor: '车牌颜色',
  plate: '车辆标识',
  imei: 'IMEI',
  softwareVersion: '软件版本号',
  text: '文本信息',
  flag: '标志',
  intervalS: '时间间隔',
  validityS: '有效期',
  count: '数量',
  type: '类型',
};

/** Names of bits and other words that a field's meaning is made of. */
const TERMS: { readonly [term: string]: string } = {
  emergency: '紧急报警',
  overspeed: '超速报警',
  fatigue: '疲劳驾驶',
  dangerWarning: '危险预警',
  gnssFault: 'GNSS 模块故障',
  gnssAntennaOpen: 'GNSS 天线未接或被剪断',
  gnssAntennaShort: 'GNSS 天线短路',
  mainPowerLow: '主电源欠压',
  mainPowerLost: '主电源掉电',
  displayFault: '显示器故障',
  ttsFault: 'TTS 模块故障',
  cameraFault: '摄像头故障',
  icCardFault: 'IC 卡模块故障',
  overspeedPreAlarm: '超速预警',
  fatiguePreAlarm: '疲劳驾驶预警',
  forbiddenTimeDriving: '违规行驶',
  tyrePressure: '胎压预警',
  rightTurnBlindSpot: '右转盲区异常',
  dailyDrivingTimeout: '当天累计驾驶超时',
  parkingTimeout: '超时停车',
  areaInOut: '进出区域',
  routeInOut: '进出路线',
  sectionTime: '路段行驶时间不足或过长',
  routeDeviation: '路线偏离',
  vssFault: 'VSS 故障',
  fuelAbnormal: '油量异常',
  stolen: '车辆被盗',
  illegalIgnition: '非法点火',
  illegalMovement: '非法位移',
  collisionPreAlarm: '碰撞预警',
  collisionRollover: '碰撞侧翻',
  rolloverPreAlarm: '侧翻预警',
  illegalDoorOpen: '非法开门',
  accOn: 'ACC 开',
  positioned: '已定位',
  south: '南纬',
  west: '西经',
  inOperation: '运营状态',
  encrypted: '经纬度已加密',
  forwardCollision: '前撞预警',
  laneDeparture: '车道偏移预警',
  oilCut: '油路断开',
  powerCut: '电路断开',
  doorLocked: '车门加锁',
  gps: 'GPS',
  beidou: '北斗',
  glonass: 'GLONASS',
  galileo: 'Galileo',
  moving: '行驶中',
  'load empty': '空车',
  'load half': '半载',
  'load full': '满载',
  none: '无',
  'not encrypted': '未加密',
  'one of several packets': '分包消息之一',
  'version flag (2019)': '有版本标识（2019）',
  'terminals below sea level write it signed': '低于海平面者按有符号数上报',
  '0 is north, clockwise': '正北为 0，顺时针',
  'right: XOR of everything before it': '正确：其前全部字节的异或',
  success: '成功',
  failure: '失败',
  'message wrong': '消息有误',
  unsupported: '不支持',
};

const PATTERNS: readonly [RegExp, string][] = [
  [/^body of (\d+) bytes$/, '消息体 $1 字节'],
  [/^item (0x[0-9a-f]+) of (\d+) bytes$/i, '附加信息 $1，$2 字节'],
  [/^parameter (0x[0-9a-f]+) of (\d+) bytes$/i, '参数 $1，$2 字节'],
  [/^(\d+) bytes follow$/, '其后 $1 字节'],
  [/^wrong: XOR of everything before it is (.*)$/, '错误：其前全部字节的异或为 $1'],
];

/** The title (`0x0200 location report, 2013`) with the message's Chinese name, where it has one. */
export function titleInChinese(title: string): string {
  if (title === 'no frame') return '不是报文';
  const [, id = '', edition] = /^(0x[0-9a-f]{4}) .*?(?:, (\d{4}))?$/i.exec(title) ?? [];
  const name = MESSAGES[id.toLowerCase()];
  if (name === undefined) return title;
  return edition === undefined ? `${id} ${name}` : `${id} ${name}，${edition} 版`;
}

/** What a field is called in Chinese; null where it has only the service's own name. */
export function fieldInChinese(path: string): string | null {
  const parts = path.replace(/\[\d+\]/g, '').split('.');
  return FIELDS[parts.slice(-2).join('.')] ?? FIELDS[parts.at(-1) ?? ''] ?? null;
}

/** A meaning with each of its words in Chinese that is known; `value` is the field's, which may be a message's id. */
export function meaningInChinese(meaning: string, value: unknown): string {
  const message = typeof value === 'string' ? MESSAGES[value.toLowerCase()] : undefined;
  if (message !== undefined) return message;
  return meaning
    .split('; ')
    .map(
      (part) =>
        termInChinese(part) ??
        part
          .split(', ')
          .map((term) => termInChinese(term) ?? term)
          .join('，'),
    )
    .join('；');
}

function termInChinese(term: string): string | null {
  const known = TERMS[term];
  if (known !== undefined) return known;
  const pattern = PATTERNS.find(([shape]) => shape.test(term));
  return pattern ? term.replace(...pattern) : null;
}

/** Edition and table, the table in Chinese. */
export const sourceInChinese = (source: string): string =>
  source.replace(/ tables? (\d+)/, ' 表 $1').replace(/ item (0x)/, ' 附加信息 $1');
