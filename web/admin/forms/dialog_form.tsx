export * from '@shared/forms/dialog_form';
