export const variables = {
  title: 'Variables',
  text: 'Scripts read variables by name; secrets are sealed, and masked in what is printed.',
}
