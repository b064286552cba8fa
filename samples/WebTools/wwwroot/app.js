// Makes calls. A call that is held waits for its answer, and is then made again by itself with the header Thoth-Held.
import { $, newCard, read, send, showUser, timeLeft } from './page.js';

// A browser opens at most six connections to a server, and an event stream keeps one. Further held calls are polled.
const maxStreams = 2;
const pills = {
  running: 'Running', held: 'Held', ran: 'Ran', blocked: 'Blocked', denied: 'Denied', expired: 'Expired', used: 'Ran elsewhere', later: 'Not now', failed: 'Failed',
};
const held = new Map();
let streams = 0;

// The conversation is in the address: a reload goes on with it, and an address without one starts another.
const address = new URL(location.href);
if (!address.searchParams.get('conversation')) {
  address.searchParams.set('conversation', crypto.randomUUID());
  history.replaceState(null, '', address);
}
const headers = { 'Thoth-Conversation': address.searchParams.get('conversation') };

const me = await read('/me');
if (me) {
  showUser(me.user);
  $('#approve-link').href = me.approvePage;
  await Promise.all([showHeldCalls(), showLedger()]);
  setInterval(showTimes, 1000);
}

$('#refund').addEventListener('submit', event => {
  event.preventDefault();
  const form = new FormData(event.target);
  const [order, amount] = [form.get('order'), form.get('amount')];
  start({ tool: 'refund', what: `order ${order} · ${amount}`, path: `/orders/${encodeURIComponent(order)}/refund?amount=${amount}` });
});
$('#export').addEventListener('submit', event => {
  event.preventDefault();
  const columns = ['order', 'amount', 'email'];
  start({ tool: 'export', what: columns.join(', '), path: '/exports', body: { columns } });
});

function start(request) {
  const call = { request, card: addCard(request) };
  call.card.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  return make(call);
}

/** Makes a call: the first time, or again once its held one has an answer. */
async function make(call) {
  call.rules = null;
  show(call, 'running', call.id ? 'There is an answer. The request is repeated …' : '…');
  try {
    const response = await send(call.request.path, call.request.body, call.id ? { ...headers, 'Thoth-Held': call.id } : headers);
    const isProblem = response.headers.get('Content-Type')?.startsWith('application/problem+json');
    if (isProblem) {
      showProblem(call, await response.json());
    } else {
      end(call, response.ok ? 'ran' : 'failed', response.ok ? await response.text() : `The application responds with ${response.status}.`);
    }
  } catch {
    // An approval is for one run, so a call that was held can be made again without a risk.
    if (call.id) {
      show(call, 'held', 'The application cannot be reached. The page tries again.');
      setTimeout(poll, 3000, call);
    } else {
      end(call, 'failed', 'The application cannot be reached. It is not known whether the call ran.');
    }
  }
  await showLedger();
}

function showProblem(call, problem) {
  call.rules = problem.ruleIds?.join(', ');
  const type = problem.type.replace('urn:thoth:problem:', '');
  const text = problem.detail ?? problem.title;
  if (type === 'held') {
    hold(call, problem.heldId, text, problem.expiresAt);
  } else if (type === 'approval-used' || problem.reasonCode === 'step_up_timeout') {
    over(call, type === 'approval-used' ? 'used' : 'expired');
  } else {
    end(call, { blocked: 'blocked', 'step-up-rejected': 'denied', deferred: 'later', 'not-decided': 'later' }[type] ?? 'failed', text);
  }
}

/** Waits for the answer. The server knows a held call by the hash of its arguments, so this page keeps the request. */
function hold(call, id, reason, expiresAt) {
  if (held.get(id) !== call) held.get(id)?.card.remove();
  Object.assign(call, { id, expiresAt, since: Date.now() });
  held.set(id, call);
  if (call.request.path) localStorage.setItem(id, JSON.stringify(call.request));
  call.card.querySelector('.wait').hidden = false;
  call.card.querySelector('.wait a').href = me.approvePage;
  show(call, 'held', reason);
  showTimes();
  if (call.request.path) watch(call);
}

function watch(call) {
  if (streams >= maxStreams) {
    setTimeout(poll, 3000, call);
    return;
  }
  streams++;
  const events = new EventSource(`/holds/${call.id}/events`);
  const stop = () => { events.close(); streams--; };
  events.addEventListener('state', event => {
    const { state } = JSON.parse(event.data);
    if (state !== 'pending') {
      stop();
      answered(call, state);
    }
  });
  events.addEventListener('error', () => {
    // The browser connects again by itself, unless the server refused.
    if (events.readyState === EventSource.CLOSED) {
      stop();
      poll(call);
    }
  });
}

async function poll(call) {
  const response = await fetch(`/holds/${call.id}`, { headers }).catch(() => null);
  if (response?.status === 404) {
    end(call, 'expired', 'The held call is not known any more. Nothing ran.');
    return;
  }
  if (response?.status === 401) location.assign('/sign-in.html');
  const { state } = response?.ok ? await response.json() : { state: 'pending' };
  if (state === 'pending') {
    setTimeout(poll, 3000, call);
  } else {
    answered(call, state);
  }
}

/** A denied call is made again too: its response has the approver's reason. */
function answered(call, state) {
  state === 'approved' || state === 'denied' ? make(call) : over(call, state);
}

function over(call, state) {
  end(call, state, state === 'used' ? 'The approval was used, for example by another tab.' : 'No approval came in time. Nothing ran.');
}

function end(call, state, text) {
  if (call.id) {
    held.delete(call.id);
    localStorage.removeItem(call.id);
  }
  show(call, state, text);
}

/** Goes on with the conversation's held calls after a reload. */
async function showHeldCalls() {
  for (const status of await read('/holds', headers) ?? []) {
    const request = JSON.parse(localStorage.getItem(status.id)) ?? { tool: status.tool, what: 'Made elsewhere: make the same call again to continue it here.' };
    hold({ request, card: addCard(request) }, status.id, status.reason, status.expiresAt);
  }
}

async function showLedger() {
  const entries = await read('/ledger', headers) ?? [];
  $('#ledger-none').hidden = entries.length > 0;
  $('#ledger').replaceChildren(...entries.reverse().map(({ time, what, order, amount, approver }) => {
    const row = document.createElement('tr');
    for (const text of [new Date(time).toLocaleTimeString(), order, approver ? `${what}, approved by ${approver}` : what, amount]) {
      row.insertCell().textContent = text;
    }
    row.lastChild.className = 'number';
    return row;
  }));
}

function addCard({ tool, what }) {
  const card = newCard();
  card.querySelector('h3').textContent = tool;
  card.querySelector('.what').textContent = what;
  $('#none').hidden = true;
  $('#calls').prepend(card);
  return card;
}

function show(call, state, text) {
  call.card.dataset.state = state;
  call.card.querySelector('.pill').textContent = pills[state];
  call.card.querySelector('.text').textContent = text;
  call.card.querySelector('.wait').hidden = state !== 'held';
  call.card.querySelector('.rule').textContent = call.rules ? `rule ${call.rules}` : '';
  $('#announce').textContent = `${call.request.tool}: ${pills[state]}. ${text}`;
  document.title = held.size > 0 ? `(${held.size}) Refund desk` : 'Refund desk';
}

function showTimes() {
  for (const call of held.values()) {
    const left = Math.max(0, Date.parse(call.expiresAt) - Date.now());
    call.card.querySelector('.clock').textContent = `${timeLeft(call.expiresAt)} left`;
    call.card.querySelector('progress').value = left / Math.max(1, Date.parse(call.expiresAt) - call.since);
  }
}
