/** Catches what a page throws while it is drawn, so that the rest stays usable. */

import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { commonTexts } from '../i18n/common';
import { useTexts } from '../i18n/language';
import { IconAlert, IconRefresh } from '../icons';
import { Message } from './messages';

interface BoundaryState {
  error: unknown;
  failed: boolean;
}

export class ErrorBoundary extends Component<{ children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: null, failed: false };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error, failed: true };
  }

  override render() {
    return this.state.failed ? <Crash error={this.state.error} /> : this.props.children;
  }
}

// After an update of the service the old page asks for files that are gone: that is no mistake, a reload mends it.
const LOST_FILE = /dynamically imported module|module script failed|preload/i;

function Crash({ error }: { error: unknown }) {
  const t = useTexts(commonTexts);
  const outdated = error instanceof Error && LOST_FILE.test(error.message);
  return (
    <div role="alert">
      <Message
        icon={IconAlert}
        title={t.crashTitle}
        text={outdated ? t.newVersionText : t.crashText}
        order={1}
      >
        <Button leftSection={<IconRefresh size={18} />} onClick={() => window.location.reload()}>
          {t.reload}
        </Button>
      </Message>
    </div>
  );
}
