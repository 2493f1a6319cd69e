import type { Role, User } from '../store/store.ts';
import { BUSES, ESCORT_BUS } from './district/district-fleet.ts';
import { escortId, GUARDIAN_RIDER } from './district/district-people.ts';
import { EAST, WEST } from './district/district-schools.ts';

type Sees = Partial<Pick<User, 'district' | 'providerId' | 'schoolId' | 'riderIds' | 'personId'>>;

function user(login: string, role: Role, displayName: string, sees: Sees = {}): User {
  return {
    id: `demo-${login}`,
    login,
    displayName,
    role,
    district: null,
    providerId: null,
    schoolId: null,
    riderIds: [],
    personId: null,
    language: 'zh',
    disabled: false,
    ...sees,
  };
}

/** The demo's logins, each of whom sees something at any hour. Whoever creates them gives them passwords. */
export function demoUsers(): User[] {
  return [
    user('admin', 'admin', '系统管理员'),
    user('police', 'police', `${WEST}交警`, { district: WEST }),
    user('police-east', 'police', `${EAST}交警`, { district: EAST }),
    user('transport', 'transport', '交通运输局'),
    user('school', 'school', '青禾小学值班老师', { schoolId: 'S1' }),
    user('guardian', 'guardian', '学生家长', { riderIds: [GUARDIAN_RIDER] }),
    user('escort', 'escort', '随车照管员', {
      personId: escortId(BUSES.find((bus) => bus.id === ESCORT_BUS)!, 0),
    }),
  ];
}
