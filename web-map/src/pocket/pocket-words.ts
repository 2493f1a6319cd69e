/** Words that both phone pages have. */
export const pocketEn = {
  product: 'Busguard',
  login: 'User name',
  password: 'Password',
  signIn: 'Sign in',
  signOut: 'Sign out',
  wrong: 'User name or password is not right.',
  tooMany: 'Too many attempts; wait a minute.',
  offline: 'No network',
  unreachable: 'The service cannot be reached. Try again in a moment.',
  retry: 'Try again',
  loading: 'Loading …',
  language: '中文',
  cancel: 'Cancel',
  close: 'Close',
};

export const pocketZh: typeof pocketEn = {
  product: '护航',
  login: '用户名',
  password: '密码',
  signIn: '登录',
  signOut: '退出登录',
  wrong: '用户名或密码不正确。',
  tooMany: '尝试次数过多，请一分钟后再试。',
  offline: '没有网络',
  unreachable: '暂时连不上服务，请稍后再试。',
  retry: '重试',
  loading: '加载中…',
  language: 'English',
  cancel: '取消',
  close: '关闭',
};
