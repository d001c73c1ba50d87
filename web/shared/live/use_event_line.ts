import { useEffect, useRef, useState } from 'react';
import { EventLine, type LineOptions, type LineState } from './event_line';

/** Keeps a stream open while the component is there; it wakes with the page and the network. */
export function useEventLine(options: Omit<LineOptions, 'onState'>): LineState {
  const [state, setState] = useState<LineState>('connecting');
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const { address, mostSilentSeconds } = options;
  const names = options.events.join(' ');
  useEffect(() => {
    const line = new EventLine({
      address,
      events: names.split(' '),
      mostSilentSeconds,
      onState: setState,
      onEvent: (name, data) => latest.current.onEvent(name, data),
      onEnd: (reason) => latest.current.onEnd?.(reason),
    });
    const wake = () => {
      if (document.visibilityState === 'visible') line.wake();
    };
    line.start();
    document.addEventListener('visibilitychange', wake);
    window.addEventListener('online', wake);
    window.addEventListener('pageshow', wake);
    return () => {
      line.stop();
      document.removeEventListener('visibilitychange', wake);
      window.removeEventListener('online', wake);
      window.removeEventListener('pageshow', wake);
    };
  }, [address, names, mostSilentSeconds]);
  return state;
}
