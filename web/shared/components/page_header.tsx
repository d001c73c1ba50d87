import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface PageHeaderProps {
  title: ReactNode;
  /** One line below the title. */
  lead?: ReactNode;
  /** Buttons at the right; below the title on a phone. */
  children?: ReactNode;
}

/** A page's heading (its only `h1`) and what can be done there. */
export function PageHeader({ title, lead, children }: PageHeaderProps) {
  return (
    <Group justify="space-between" align="flex-start" mb="lg" gap="sm">
      <div>
        {/* A name may be one long word. */}
        <Title order={1} style={{ overflowWrap: 'anywhere' }}>
          {title}
        </Title>
        {lead && (
          <Text c="dimmed" size="sm" component="div">
            {lead}
          </Text>
        )}
      </div>
      {children && <Group gap="sm">{children}</Group>}
    </Group>
  );
}
