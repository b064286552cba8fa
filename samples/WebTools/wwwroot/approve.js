// Shows the held calls of the local policy to their approver.
import { $, newCard, read, send, showUser, timeLeft } from './page.js';

const cards = new Map();
const me = await read('/me');
if (me && me.approvePage !== location.pathname) {
  location.replace(me.approvePage);
} else if (me) {
  showUser(me.user);
  await refresh();
}

async function refresh() {
  const response = await fetch('/approvals').catch(() => null);
  if (response?.status === 403) {
    $('#none').textContent = `${me.user} is no approver. Sign in as bob.`;
    return;
  }
  if (response?.ok) {
    showCalls(await response.json());
  }
  setTimeout(refresh, 1000);
}

function showCalls(calls) {
  const ids = new Set(calls.map(call => call.id));
  for (const [id, card] of cards) {
    if (!ids.has(id)) {
      card.remove();
      cards.delete(id);
    }
  }
  for (const call of calls) {
    if (!cards.has(call.id)) {
      cards.set(call.id, addCard(call));
    }
    cards.get(call.id).querySelector('.clock').textContent = `${timeLeft(call.expiresAt)} left`;
  }
  $('#none').hidden = calls.length > 0;
}

function addCard(call) {
  const card = newCard();
  card.querySelector('h3').textContent = call.tool;
  card.querySelector('.text').textContent = call.reason;
  card.querySelector('.json').textContent = visible(JSON.stringify(call.arguments, null, 2));
  card.querySelector('.rule').textContent = `asked for by ${call.user} · rule ${call.rules.join(', ')}`;
  card.querySelector('.answer').addEventListener('submit', event => {
    event.preventDefault();
    answer(call, card, event.submitter.value === 'approve', new FormData(event.target).get('reason'));
  });
  $('#calls').append(card);
  return card;
}

async function answer(call, card, approve, reason) {
  card.querySelectorAll('button').forEach(button => { button.disabled = true; });
  const response = await (approve ? send(`/approvals/${call.id}`) : send(`/denials/${call.id}`, { reason })).catch(() => null);
  if (!response?.ok) {
    card.querySelector('.text').textContent = 'The answer does not count. Does the call still wait?';
  }
}

/** Characters that hide or turn others are written as codes: a person approves what the page shows. */
function visible(text) {
  return text.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, character => `\\u${character.codePointAt(0).toString(16).padStart(4, '0')}`);
}
