import { Button, Form, Input, InputNumber, Select } from 'antd';
import { useEffect, useState } from 'react';
import type { Role } from '../../../../services/api/contract.ts';
import { accounts, type Tenants } from '../../api/accounts.ts';
import { useWords } from '../../i18n/language.ts';

/** What an account or a key is bound to, by its role. */
const BOND: { readonly [role in Role]?: 'district' | 'providerId' | 'schoolId' | 'riderIds' | 'personId' } = {
  police: 'district',
  transport: 'district',
  education: 'district',
  provider: 'providerId',
  school: 'schoolId',
  guardian: 'riderIds',
  escort: 'personId',
};

const NO_TENANTS: Tenants = { districts: [], providers: [], schools: [] };

export interface Entry {
  login?: string;
  name?: string;
  role: Role;
  bond?: string;
  days?: number;
}

/** The fields that an entry says are bound, as the service takes them. */
export function bondOf({ role, bond }: Entry): { [name: string]: string | string[] } {
  const field = BOND[role];
  const text = bond?.trim() ?? '';
  if (field === undefined || text === '') return {};
  return { [field]: field === 'riderIds' ? text.split(/[,，\s]+/).filter(Boolean) : text };
}

/** A new account, or (`key`) a key of another system. */
export function AccountForm(props: {
  kind: 'account' | 'key';
  busy: boolean;
  onSubmit: (entry: Entry) => void;
  onCancel: () => void;
}) {
  const { kind, busy, onSubmit, onCancel } = props;
  const { words } = useWords();
  const [form] = Form.useForm<Entry>();
  const role = Form.useWatch('role', form) ?? 'police';
  const [tenants, setTenants] = useState(NO_TENANTS);
  useEffect(() => {
    void accounts.tenants().then((answer) => answer.ok && setTenants(answer.value));
  }, []);
  const others = words.accounts.others;
  const roles = (Object.keys(words.account.roles) as Role[]).filter(
    (one) => kind === 'account' || (one !== 'guardian' && one !== 'escort'),
  );
  const bond = BOND[role];
  const choices = {
    district: tenants.districts.map((value) => ({ value, label: value })),
    providerId: tenants.providers.map(({ id, name }) => ({ value: id, label: name })),
    schoolId: tenants.schools.map(({ id, name }) => ({ value: id, label: name })),
    riderIds: [],
    personId: [],
  };
  const options = bond ? choices[bond] : [];
  const required = [{ required: true, message: words.signIn.loginMissing }];
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      className="account-form"
      initialValues={{ role: 'police', days: 90 }}
      onFinish={onSubmit}
    >
      {kind === 'account' && (
        <Form.Item name="login" label={others.login} rules={required}>
          <Input maxLength={64} autoComplete="off" autoFocus />
        </Form.Item>
      )}
      <Form.Item name="name" label={others.name} rules={kind === 'key' ? required : []}>
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <Form.Item name="role" label={others.role}>
        <Select
          options={roles.map((value) => ({ value, label: words.account.roles[value] }))}
          onChange={() => form.setFieldValue('bond', undefined)}
        />
      </Form.Item>
      {bond && (
        <Form.Item name="bond" label={others[bond]}>
          {options.length > 0 ? (
            <Select allowClear={bond === 'district'} options={options} placeholder={others.everything} />
          ) : (
            <Input maxLength={200} autoComplete="off" />
          )}
        </Form.Item>
      )}
      {kind === 'key' && (
        <Form.Item name="days" label={others.days}>
          <InputNumber min={1} max={730} precision={0} />
        </Form.Item>
      )}
      <div className="account-tools">
        <Button type="primary" htmlType="submit" loading={busy}>
          {others.create}
        </Button>
        <Button onClick={onCancel}>{others.cancel}</Button>
      </div>
    </Form>
  );
}
