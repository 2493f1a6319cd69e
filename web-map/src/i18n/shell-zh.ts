import type { shellEn } from './shell-en.ts';

export const shellZh: typeof shellEn = {
  pages: '页面',
  menu: '打开菜单',
  closeMenu: '关闭菜单',
  skip: '跳到正文',
  map: '实时地图',
  day: '变更',
  whatIf: '试算',
  explain: '报文',
  missingTitle: '这里没有这个页面',
  missingText: '地址可能有误，或您的账号用不到这个页面。',
  toHome: '回到首页',
  broken: '页面的一部分未能取回，可能刚刚装了新版本。',
  reload: '重新加载',
  windowTitle: (open, title) => `${open > 0 ? `(${open}) ` : ''}${title} · 护航`,
};
