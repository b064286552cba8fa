// What both pages share.
export const $ = selector => document.querySelector(selector);

/** Reads JSON. A person who is not signed in goes to the sign-in page. */
export async function read(path, headers = {}) {
  const response = await fetch(path, { headers });
  if (response.status === 401) location.assign('/sign-in.html');
  return response.ok ? response.json() : null;
}

export function send(path, body, headers = {}) {
  const json = body && { 'Content-Type': 'application/json' };
  return fetch(path, { method: 'POST', headers: { ...json, ...headers }, body: body && JSON.stringify(body) });
}

export function newCard() {
  return $('#card').content.firstElementChild.cloneNode(true);
}

export function showUser(user) {
  $('#name').textContent = user;
  $('.who .face').textContent = user[0].toUpperCase();
  $('#sign-out').addEventListener('click', async () => {
    localStorage.clear();
    await send('/logout');
    location.assign('/sign-in.html');
  });
}

export function timeLeft(expiresAt) {
  const seconds = Math.max(0, Math.round((Date.parse(expiresAt) - Date.now()) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
