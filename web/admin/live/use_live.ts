import { useQueryClient } from '@tanstack/react-query';
import type { LineState } from '@shared/live/event_line';
import { useEventLine } from '@shared/live/use_event_line';
import { SESSION_KEY } from '@shared/session/session';
import { useState } from 'react';
import { type Consumption, isHistory, isLive, NOTHING_YET, withHistory, withLive } from './consumption';
import { type News, readNews, withNews } from './news';

const ADDRESS = '/admin/stream';
const EVENTS = ['history', 'live', 'alert', 'request', 'grant'] as const;
// One event a second comes even when nothing happens; a busy machine may be late.
const MOST_SILENT_SECONDS = 6;

export interface Live {
  state: LineState;
  consumption: Consumption;
  news: readonly News[];
}

/** The administration's stream. `onChange` is called when figures that the service keeps have changed. */
export function useLive(onChange: () => void): Live {
  const client = useQueryClient();
  const [consumption, setConsumption] = useState(NOTHING_YET);
  const [news, setNews] = useState<readonly News[]>([]);
  const state = useEventLine({
    address: ADDRESS,
    events: EVENTS,
    mostSilentSeconds: MOST_SILENT_SECONDS,
    onEnd: (reason) => {
      // Whoever may not look any more is led to the sign-in page.
      if (reason !== 'server_restart') void client.invalidateQueries({ queryKey: SESSION_KEY });
    },
    onEvent: (name, data) => {
      if (name === 'history' && isHistory(data)) {
        setConsumption((present) => withHistory(present, data));
        onChange();
      } else if (name === 'live' && isLive(data)) {
        setConsumption((present) => withLive(present, data));
        if (data.tokens > 0 || data.requests > 0) onChange();
      } else {
        const one = readNews(name, data);
        if (!one) return;
        setNews((present) => withNews(present, one));
        onChange();
      }
    },
  });
  return { state, consumption, news };
}
