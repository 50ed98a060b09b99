// Before the first paint: dark or light as chosen, so that the page does not flash. A file of its
// own, since the content security policy allows no inline scripts.
(function () {
  var chosen = localStorage.getItem('mantine-color-scheme-value') || 'auto';
  var dark = chosen === 'dark' || (chosen === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
