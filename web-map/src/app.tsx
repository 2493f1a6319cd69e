import { App as AntApp, theme as antTheme, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { lazy, Suspense, useEffect } from 'react';
import { faultText } from './api/fault-text.ts';
import { useWords } from './i18n/language.ts';
import { FirstPassword } from './pages/accounts/first-password.tsx';
import { SignIn } from './panels/sign-in.tsx';
import { PageMessage } from './parts/page-message.tsx';
import { findSession, session } from './state/session.ts';
import { useStore } from './state/store.ts';
import { prefersStill, usePalette, usePaletteOnPage } from './theme/theme.ts';

/** Everything behind the sign-in page, the map library with it, is fetched once somebody is signed in. */
const Console = lazy(() => import('./panels/console.tsx').then((module) => ({ default: module.Console })));

export function App() {
  const { words, language } = useWords();
  const palette = usePalette();
  usePaletteOnPage(palette);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    if (session.get().status !== 'in') document.title = words.counts.title(0);
  }, [language, words]);
  return (
    <ConfigProvider
      locale={language === 'zh' ? zhCN : enUS}
      button={{ autoInsertSpace: false }}
      theme={{
        algorithm: palette.name === 'dark' ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
        token: {
          colorPrimary: palette.primary,
          colorPrimaryHover: palette.primaryHover,
          colorLink: palette.primary,
          colorLinkHover: palette.primaryHover,
          colorTextBase: palette.text,
          colorBgContainer: palette.surface,
          colorBgElevated: palette.surface,
          colorBorder: palette.line,
          colorBorderSecondary: palette.line,
          colorTextDescription: palette.quiet,
          colorTextPlaceholder: palette.quiet,
          colorError: palette.bad,
          borderRadius: 8,
          fontFamily: 'var(--font)',
          motion: !prefersStill(),
        },
        components: {
          Button: {
            primaryColor: palette.name === 'dark' ? '#0b1420' : '#ffffff',
            defaultHoverColor: palette.primary,
            defaultHoverBorderColor: palette.primary,
          },
          Segmented: { trackBg: palette.page, itemSelectedBg: palette.surface },
        },
      }}
    >
      <AntApp className="app">
        <Page />
      </AntApp>
    </ConfigProvider>
  );
}

function Page() {
  const { words } = useWords();
  const now = useStore(session);
  if (now.status === 'unknown') return <PageMessage waiting title={words.loading.page} />;
  if (now.status === 'unreachable') {
    return (
      <PageMessage
        title={words.error.pageTitle}
        text={faultText(now.fault, words)}
        action={{ label: words.error.retry, run: () => void findSession() }}
      />
    );
  }
  if (now.status === 'out') return <SignIn because={now.because} />;
  if (now.view.mustChangePassword) return <FirstPassword />;
  return (
    <Suspense fallback={<PageMessage waiting title={words.loading.page} />}>
      <Console view={now.view} />
    </Suspense>
  );
}
