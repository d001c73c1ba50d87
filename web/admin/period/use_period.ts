export * from '@shared/period/use_period';
