export const market = {
  title: 'Market',
  text: 'A package brings scripts, and a startup script that puts them to work.',
}
