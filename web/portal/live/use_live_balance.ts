/** The balance, kept up to date by the service's stream. */

import { useQueryClient } from '@tanstack/react-query';
import type { CurrentTokens } from '@shared/api/proxy.gen';
import { useNotice } from '@shared/components/notices';
import { balanceTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import type { LineState } from '@shared/live/event_line';
import { useEventLine } from '@shared/live/use_event_line';
import { SESSION_KEY } from '@shared/session/session';
import { useFormats } from '@shared/session/use_formats';
import { useEffect, useRef, useState } from 'react';
import { useRead } from '../api';
import { type Grant, isFigures, isGrant, withFigures } from './balance_news';

const CURRENT = 'GET /api/tokens/current';
const ADDRESS = '/api/tokens/stream';
const EVENTS = ['balance', 'alert', 'grant'] as const;
// The service sends only comments while nothing changes, which no script hears: so a quiet line is opened anew now and then, and
// tells the balance as it is. After a sleep that is at once.
const MOST_SILENT_SECONDS = 50;
const SECONDS_WITHOUT_LINE = 5;
// A chat charges in bursts; what is summed by the service is asked once they are over, or at the latest so much later.
const PAUSE_MILLISECONDS = 800;

interface LiveBalance {
  balance: CurrentTokens | undefined;
  error: unknown;
  retry: () => void;
  /** Of the stream: `live` also while a quiet line is opened anew. */
  line: LineState;
}

/** The present balance. `alsoAsk` are reads that a charge or a grant changes as well. */
export function useLiveBalance(alsoAsk: readonly string[] = []): LiveBalance {
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const tellGrant = useGrantNotice();
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
    },
    [],
  );
  const askSoon = () => {
    if (timer.current !== null) return;
    timer.current = setTimeout(() => {
      timer.current = null;
      for (const read of [CURRENT, ...alsoAsk]) void client.invalidateQueries({ queryKey: [read] });
    }, PAUSE_MILLISECONDS);
  };
  const line = useEventLine({
    address: ADDRESS,
    events: EVENTS,
    mostSilentSeconds: MOST_SILENT_SECONDS,
    onEnd: (reason) => {
      setOpen(false);
      if (reason === 'server_restart') return;
      void client.invalidateQueries({ queryKey: SESSION_KEY });
      void client.invalidateQueries({ queryKey: [CURRENT] });
    },
    onEvent: (name, data) => {
      if (name === 'balance' && isFigures(data)) {
        setOpen(true);
        client.setQueryData<CurrentTokens>([CURRENT, null], (present) => withFigures(present, data));
        if ((data as { cause?: unknown }).cause !== 'current') askSoon();
      } else if (name === 'grant' && isGrant(data)) {
        tellGrant(data);
      }
    },
  });
  const waits = line === 'waiting';
  const current = useRead(CURRENT, undefined, waits ? { refreshSeconds: SECONDS_WITHOUT_LINE } : {});
  return {
    balance: current.data,
    error: current.data ? null : current.error,
    retry: () => void current.refetch(),
    line: !waits && isOpen ? 'live' : line,
  };
}

function useGrantNotice(): (grant: Grant) => void {
  const notify = useNotice();
  const t = useTexts(balanceTexts);
  const formats = useFormats();
  return ({ tokens_added: added }) => {
    const tokens = formats.integer(Math.abs(added));
    notify(added < 0 ? t.taken(-added, tokens) : t.granted(added, tokens));
  };
}
