export * from '@shared/forms/fields';
