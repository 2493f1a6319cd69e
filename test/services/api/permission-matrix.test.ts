import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role, User } from '../../../services/store/store.ts';
import { type Schema, sampleOf } from './openapi-sample.ts';
import { type EndpointRule, RULES } from './permission-rules.ts';
import { at, PEOPLE, type Who } from './small-plan.ts';
import { type Fixture, finding, progressOf, report, startFixture, stored } from './web-fixture.ts';

interface Operation {
  readonly requestBody?: { readonly content?: { readonly [type: string]: { readonly schema?: Schema } } };
}

/** What only the one or only the other tenant may find in an answer. */
const MARKS = {
  one: /"V1"|"T1b?"|"S1"|"R1"|"K1"|"K3"|"F1"|苏D00001|青禾小学|花园新村|小明|13900000001|13900003333/,
  two: /"V2"|"T2"|"S2"|"R2"|"K2"|"F2"|苏D00002|新桥小学|薛家站|小红|13900000002|13900004444/,
};

const everybody = Object.keys(PEOPLE) as Who[];
const sideOf = (who: Who): 'one' | 'two' | 'none' | 'all' =>
  who.endsWith('1') ? 'one' : who.endsWith('2') ? 'two' : who.endsWith('None') ? 'none' : 'all';

let web: Fixture;
let paths: { [path: string]: { [method: string]: Operation } };
const cookies = new Map<Who, string>();

beforeAll(async () => {
  web = await startFixture({
    prepare: (memory) => {
      memory.setLatest([
        { vehicle: 'V1', last: report('V1', at('07:04')), progress: progressOf('T1', 'A1') },
        { vehicle: 'V2', last: report('V2', at('07:04')), progress: progressOf('T2', 'B2') },
      ]);
      memory.setTrack([report('V1', at('07:01')), report('V2', at('07:01'))]);
      memory.findings.set('F1', stored(finding('F1', 'V1', at('07:02')), 'D1', ['S1']));
      memory.findings.set('F2', stored(finding('F2', 'V2', at('07:03')), 'D2', ['S2']));
    },
  });
  paths = ((await (await web.ask('/api/openapi.json')).json()) as { paths: typeof paths }).paths;
  for (const who of everybody) cookies.set(who, await web.signIn(who));
}, 120_000);
afterAll(() => web.close());

const endpoints = (): string[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`),
  );

/** Asks as somebody, with the things of the first tenant wherever the path or the rule names one. */
async function ask(endpoint: string, rule: EndpointRule, cookie: string | undefined) {
  const [method = '', path = ''] = endpoint.split(' ');
  const things: { readonly [name: string]: string } = { id: rule.id ?? 'none', ...rule.path };
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(things[name] ?? 'none'));
  const content = paths[`/api/v1${path}`]?.[method.toLowerCase()]?.requestBody?.content ?? {};
  const body = rule.body ?? sampleOf(content['application/json']?.schema);
  const answer = await web.ask(`/api/v1${filled}${rule.query ?? ''}`, {
    method,
    cookie,
    ...(body === undefined || method === 'GET' ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: Buffer.from(await answer.arrayBuffer()).toString('utf8') };
}

const isRefusal = (status: number) => status === 401 || status === 403 || status === 404;

describe('the permission matrix', () => {
  it('has a rule for every endpoint of the document, and no rule for what is not there', () => {
    expect(endpoints().filter((endpoint) => !(endpoint in RULES))).toEqual([]);
    expect(Object.keys(RULES).filter((endpoint) => !endpoints().includes(endpoint))).toEqual([]);
  });

  for (const [endpoint, rule] of Object.entries(RULES).sort(
    ([, a], [, b]) => (a.last ?? 0) - (b.last ?? 0),
  )) {
    it(endpoint, async () => {
      if (!rule.open) expect((await ask(endpoint, rule, undefined)).status, 'nobody').toBe(401);
      if (rule.open) return;
      for (const who of everybody) {
        const { role }: User = PEOPLE[who];
        const { status, text } = await ask(endpoint, rule, cookies.get(who));
        const says = `${who} ${endpoint}: ${status} ${text.slice(0, 200)}`;
        const isOwn = rule.id === undefined || sideOf(who) === 'one' || sideOf(who) === 'all';
        if (rule.unformed && status === 400) continue;
        if (!(rule.roles as readonly Role[]).includes(role) || !isOwn)
          expect(isRefusal(status), says).toBe(true);
        else {
          expect([401, 403], says).not.toContain(status);
          if (!rule.lost) expect(status, says).not.toBe(404);
        }
        // Whatever is answered, and to whatever request: nothing of the other tenant is in it.
        if (status < 300 && sideOf(who) === 'one') expect(MARKS.two.exec(text)?.[0], says).toBeUndefined();
        if (status < 300 && sideOf(who) === 'two') expect(MARKS.one.exec(text)?.[0], says).toBeUndefined();
        if (status < 300 && sideOf(who) === 'none') {
          expect(MARKS.one.exec(text)?.[0] ?? MARKS.two.exec(text)?.[0], says).toBeUndefined();
        }
      }
    });
  }
});
