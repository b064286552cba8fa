document.querySelector('form').addEventListener('submit', async event => {
  event.preventDefault();
  await fetch(`/login?user=${event.submitter.value}`, { method: 'POST' });
  location.assign('/');
});
