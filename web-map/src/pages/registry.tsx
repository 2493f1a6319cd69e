import {
  AlertOutlined,
  BarChartOutlined,
  CodeOutlined,
  DatabaseOutlined,
  EnvironmentOutlined,
  ExperimentOutlined,
  HistoryOutlined,
  ScheduleOutlined,
  TeamOutlined,
  UnorderedListOutlined,
  UserOutlined,
} from '@ant-design/icons';
import { type Page, page } from '../shell/page.ts';

/** The map is costly to make, so it stays as it is behind every other page, and the list is the same page as text. */
const fleet = {
  stays: 'fleet',
  load: () => import('../panels/fleet-page.tsx').then((module) => module.FleetPage),
};

/**
 * Every page of the console, in the order of the navigation. To add one: a component that takes `PageProps` (most
 * begin with `PageFrame`), its words in a dictionary pair of its own, and one line here. Its address is `/<id>`; what
 * follows in the address is its own: `place.get().rest` and `.query`, changed with `go` and `goWithQuery` of
 * `state/place.ts`; links elsewhere are `<PageLink>` of `shell/page-link.tsx`. `load` keeps its code out of the first
 * download, so import nothing of it here but its words and icon.
 */
export const PAGES: readonly Page[] = [
  page({
    id: 'map',
    icon: <EnvironmentOutlined />,
    title: (words) => words.shell.map,
    label: (words) => words.view.map,
    seenBy: () => true,
    ...fleet,
  }),
  page({
    id: 'list',
    icon: <UnorderedListOutlined />,
    title: (words) => words.table.label,
    label: (words) => words.view.list,
    seenBy: () => true,
    ...fleet,
  }),
  page({
    id: 'desk',
    icon: <AlertOutlined />,
    title: (words) => words.desk.title,
    label: (words) => words.desk.short,
    seenBy: ({ can }) => can.acknowledge,
    load: () => import('./desk/desk-page.tsx').then((module) => module.DeskPage),
  }),
  page({
    id: 'replay',
    icon: <HistoryOutlined />,
    title: (words) => words.replay.title,
    label: (words) => words.replay.short,
    seenBy: ({ can, user }) => can.seeSpeed && user.role !== 'escort',
    load: () => import('./replay/replay-page.tsx').then((module) => module.ReplayPage),
  }),
  page({
    id: 'day',
    icon: <ScheduleOutlined />,
    title: (words) => words.day.title,
    label: (words) => words.shell.day,
    seenBy: ({ can }) => can.amend.length > 0,
    load: () => import('./day/day-page.tsx').then((module) => module.DayPage),
  }),
  page({
    id: 'registers',
    icon: <DatabaseOutlined />,
    title: (words) => words.registers.title,
    label: (words) => words.registers.short,
    seenBy: ({ user }) => !['guardian', 'escort'].includes(user.role),
    load: () => import('./registers/registers-page.tsx').then((module) => module.RegistersPage),
  }),
  page({
    id: 'reports',
    icon: <BarChartOutlined />,
    title: (words) => words.reports.title,
    label: (words) => words.reports.short,
    seenBy: ({ user }) => !['guardian', 'escort'].includes(user.role),
    load: () => import('./reports/reports-page.tsx').then((module) => module.ReportsPage),
  }),
  page({
    id: 'what-if',
    icon: <ExperimentOutlined />,
    title: (words) => words.whatIf.title,
    label: (words) => words.shell.whatIf,
    seenBy: ({ can }) => can.whatIf,
    load: () => import('./what-if/what-if-page.tsx').then((module) => module.WhatIfPage),
  }),
  page({
    id: 'accounts',
    icon: <TeamOutlined />,
    title: (words) => words.accounts.others.title,
    label: (words) => words.accounts.others.label,
    seenBy: ({ can }) => can.accounts,
    load: () => import('./accounts/accounts-page.tsx').then((module) => module.AccountsPage),
  }),
  page({
    id: 'account',
    icon: <UserOutlined />,
    title: (words) => words.accounts.own.title,
    label: (words) => words.accounts.own.label,
    seenBy: () => true,
    load: () => import('./accounts/own-account-page.tsx').then((module) => module.OwnAccountPage),
  }),
  page({
    id: 'explain',
    icon: <CodeOutlined />,
    title: (words) => words.explain.title,
    label: (words) => words.shell.explain,
    seenBy: ({ can }) => can.explain,
    load: () => import('../panels/explain-page.tsx').then((module) => module.ExplainPage),
  }),
];
