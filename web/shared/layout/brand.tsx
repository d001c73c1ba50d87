import { Group, Text } from '@mantine/core';

/** The product's mark and name. */
export function Brand({ title, size = 26 }: { title: string; size?: number }) {
  return (
    <Group gap="xs" wrap="nowrap" miw={0}>
      <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <circle cx="16" cy="16" r="7" fill="var(--mantine-color-amber-4)" />
        <path
          d="M16 2v4M16 26v4M2 16h4M26 16h4M6.1 6.1l2.8 2.8M23.1 23.1l2.8 2.8M6.1 25.9l2.8-2.8M23.1 8.9l2.8-2.8"
          stroke="var(--mantine-color-anchor)"
          strokeWidth="3"
          strokeLinecap="round"
        />
      </svg>
      <Text fw={650} fz={{ base: 'xs', xs: 'md' }} truncate>
        {title}
      </Text>
    </Group>
  );
}
