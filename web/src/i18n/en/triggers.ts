export const triggers = {
  title: 'Triggers',
  text: 'A trigger runs a function of a published script by its crontab.',
}
