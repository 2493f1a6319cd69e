import { describe, expect, it } from 'vitest';
import { type Findable, finderOf, searchText } from '../../../web-map/src/fleet/search.ts';

const bus = {
  vehicle: 'B007',
  plate: '苏D·10316',
  routeName: '校03线',
  driver: '周建平',
  schoolNames: ['实验小学', '第二中学'],
};
const isFound = (of: Findable, query: string) => finderOf(query)(searchText(of));

describe('finding a bus', () => {
  it('takes plate, id, route, driver or school, with or without dots and spaces', () => {
    for (const query of ['苏D10316', '10316', '苏d·103', 'b007', '校03', '周建平', '二中学', '  ']) {
      expect(isFound(bus, query), query).toBe(true);
    }
  });

  it('wants every word', () => {
    expect(isFound(bus, '校03 周')).toBe(true);
    expect(isFound(bus, '校03 王')).toBe(false);
  });

  it('knows buses of which little is known', () => {
    expect(isFound({ vehicle: 'terminal:139', plate: null, routeName: null, driver: null }, '139')).toBe(
      true,
    );
  });
});
