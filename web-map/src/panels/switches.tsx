import { BulbOutlined, TranslationOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useWords } from '../i18n/language.ts';
import { chooseLanguage, chooseTheme, preferences, type ThemeChoice } from '../state/preferences.ts';
import { useStore } from '../state/store.ts';

/** To the other language; its name is written in that language. */
export function LanguageSwitch() {
  const { words, language } = useWords();
  const other = language === 'zh' ? 'en' : 'zh';
  return (
    <Button
      type="text"
      icon={<TranslationOutlined />}
      lang={other === 'zh' ? 'zh-CN' : 'en'}
      onClick={() => chooseLanguage(other)}
      data-testid="language"
    >
      {words.language.switchTo}
    </Button>
  );
}

export function ThemeSwitch() {
  const { words } = useWords();
  const { theme } = useStore(preferences);
  const choices: ThemeChoice[] = ['system', 'light', 'dark'];
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        selectable: true,
        selectedKeys: [theme],
        items: choices.map((choice) => ({ key: choice, label: words.theme[choice] })),
        onClick: ({ key }) => chooseTheme(key as ThemeChoice),
      }}
    >
      <Button type="text" icon={<BulbOutlined />} aria-label={words.theme.label} data-testid="theme" />
    </Dropdown>
  );
}
