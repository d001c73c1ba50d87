import { useEffect, useRef } from 'react';

/**
 * Takes the reader to the top of a page that a link opened, and screen readers and keyboards with him. Going back leaves the place
 * to the browser, which remembers it.
 */
export function useArrival(location: string, mainId: string): void {
  const before = useRef(location);
  const wentBack = useRef(false);
  useEffect(() => {
    const onPop = () => {
      wentBack.current = true;
    };
    window.addEventListener('popstate', onPop);
    return () => window.removeEventListener('popstate', onPop);
  }, []);
  useEffect(() => {
    if (before.current === location) return;
    before.current = location;
    if (wentBack.current) {
      wentBack.current = false;
      return;
    }
    window.scrollTo(0, 0);
    document.getElementById(mainId)?.focus({ preventScroll: true });
  }, [location, mainId]);
}
