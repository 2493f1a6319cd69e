import { useWords } from '../i18n/language.ts';
import shield from '../theme/shield.svg';

export function Brand({ size = 'small' }: { size?: 'small' | 'large' }) {
  const { words, language } = useWords();
  return (
    <span className={`brand brand-${size}`}>
      <img src={shield} alt="" width={size === 'large' ? 56 : 30} height={size === 'large' ? 56 : 30} />
      <span className="brand-name">
        {words.product}
        {language === 'zh' && <small lang="en">Busguard</small>}
      </span>
    </span>
  );
}
