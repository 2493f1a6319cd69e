import { App } from 'antd';
import { refusalOf } from '../../api/accounts.ts';
import type { Fault } from '../../api/client.ts';
import { faultText } from '../../api/fault-text.ts';
import { useWords } from '../../i18n/language.ts';

/** Shows what is told only once, and says why something was not done. */
export function useSecret() {
  const { words } = useWords();
  const { modal, message } = App.useApp();
  const others = words.accounts.others;
  return {
    show: (secret: string) =>
      modal.info({
        title: others.secret,
        content: (
          <>
            <p>{others.secretText}</p>
            <p className="account-secret" data-testid="secret">
              {secret}
            </p>
          </>
        ),
        okText: others.done,
      }),
    fail: (fault: Fault) =>
      void message.error(
        others.failed + (words.accounts.faults[refusalOf(fault) ?? ''] ?? faultText(fault, words)),
      ),
  };
}
