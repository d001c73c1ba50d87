import { describe, expect, it } from 'vitest';
import { MOST_NEWS, type News, readNews, withNews } from './news';

function grant(id: number): News {
  return {
    kind: 'grant',
    id: String(id),
    created_at: new Date(id * 1000).toISOString(),
    user_id: 'u',
    name: 'Ana',
    email: null,
    tokens_added: 5,
  };
}

describe('news', () => {
  it('are read by kind, and only with their shape', () => {
    const { kind, ...data } = grant(1);
    expect(readNews(kind, data)).toEqual(grant(1));
    expect(readNews('live', data)).toBeNull();
    expect(readNews('alert', { name: 'x' })).toBeNull();
    expect(readNews('alert', null)).toBeNull();
  });

  it('stand newest first, once, and not without end', () => {
    let all: readonly News[] = [];
    for (const id of [2, 1, 3, 3, 2]) all = withNews(all, grant(id));
    expect(all.map((one) => one.id)).toEqual(['3', '2', '1']);
    for (let id = 10; id < 30; id += 1) all = withNews(all, grant(id));
    expect(all).toHaveLength(MOST_NEWS);
    expect(all[0]?.id).toBe('29');
  });
});
